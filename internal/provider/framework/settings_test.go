package framework

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// block makes a provider block: attributes by name, embedded by its path.
func block(values map[string]string) configuration {
	text := func(name string) types.String {
		v, ok := values[name]
		switch {
		case !ok:
			return types.StringNull()
		case v == "(unknown)":
			return types.StringUnknown()
		default:
			return types.StringValue(v)
		}
	}
	kinds := map[string]attr.Type{"path": types.StringType, "load": types.StringType}
	c := configuration{
		ServerURL: text("server_url"), PersonalToken: text("personal_access_token"), SystemToken: text("system_account_access_token"),
		KonnectToken: text("konnect_access_token"), ServiceToken: text("service_access_token"), RetryBudget: text("retry_budget"),
		EmbeddedSetting: types.ObjectNull(kinds),
	}
	path, withPath := values["embedded"]
	_, withLoad := values["load"]
	if withPath || withLoad {
		c.EmbeddedSetting = types.ObjectUnknown(kinds)
		if path == "(none)" {
			delete(values, "embedded")
		}
		if path != "(all unknown)" {
			c.EmbeddedSetting = types.ObjectValueMust(kinds, map[string]attr.Value{"path": text("embedded"), "load": text("load")})
		}
	}
	return c
}

// Which control plane comes of the block and the environment, or what is said.
func TestSettings(t *testing.T) {
	t.Parallel()
	type values = map[string]string
	const us = "https://us.api.konghq.com"
	for name, c := range map[string]struct {
		block, env values
		opened     string // path of the embedded control plane
		address    string // of a remote one
		fault      string // attribute: part of the message
	}{
		"nothing":             {nil, nil, "", "", ": Nothing says which control plane to use. Choose one of two:"},
		"block":               {values{"server_url": us, "personal_access_token": "a"}, nil, "", us, ""},
		"system token":        {values{"server_url": us, "system_account_access_token": "a"}, nil, "", us, ""},
		"konnect token":       {values{"server_url": us, "konnect_access_token": "a"}, nil, "", us, ""},
		"service token":       {values{"server_url": us, "service_access_token": "a"}, nil, "", us, ""},
		"trailing slash":      {values{"server_url": us + "/", "personal_access_token": "a"}, nil, "", us, ""},
		"version":             {values{"server_url": us + "/v2", "personal_access_token": "a"}, nil, "", us, ""},
		"environment":         {nil, values{"KONNECT_SERVER_URL": us, "KONNECT_TOKEN": "a"}, "", us, ""},
		"system account":      {nil, values{"KONNECT_SERVER_URL": us, "KONNECT_SPAT": "a"}, "", us, ""},
		"block over env":      {values{"server_url": us, "personal_access_token": "a"}, values{"KONNECT_SERVER_URL": "https://eu.api.konghq.com", "KONNECT_TOKEN": "b"}, "", us, ""},
		"url of block":        {values{"server_url": us}, values{"KONNECT_SERVER_URL": "https://eu.api.konghq.com", "KONNECT_TOKEN": "b"}, "", us, ""},
		"token of block":      {values{"personal_access_token": "a"}, values{"KONNECT_SERVER_URL": us}, "", us, ""},
		"embedded":            {values{"embedded": "/x/konnect.db"}, nil, "/x/konnect.db", "http://embedded", ""},
		"embedded by env":     {nil, values{"KONNECT_EMBEDDED": "/x/konnect.db"}, "/x/konnect.db", "http://embedded", ""},
		"embedded over env":   {values{"embedded": "/x/konnect.db"}, values{"KONNECT_SERVER_URL": us, "KONNECT_TOKEN": "a", "KONNECT_EMBEDDED": "/y"}, "/x/konnect.db", "http://embedded", ""},
		"remote over env":     {values{"server_url": us, "personal_access_token": "a"}, values{"KONNECT_EMBEDDED": "/y"}, "", us, ""},
		"loopback, no token":  {values{"server_url": "http://127.0.0.1:8787"}, nil, "", "http://127.0.0.1:8787", ""},
		"localhost, no token": {values{"server_url": "http://localhost:8787"}, nil, "", "http://localhost:8787", ""},
		"both in block":       {values{"embedded": "/x", "server_url": us}, nil, "", "", "embedded.path: Both embedded.path and server_url are set"},
		"token and embedded":  {values{"embedded": "/x", "personal_access_token": "a"}, nil, "", "", "embedded.path: Both embedded.path and personal_access_token are set"},
		"both in env":         {nil, values{"KONNECT_EMBEDDED": "/x", "KONNECT_SERVER_URL": us}, "", "", ": Both KONNECT_EMBEDDED and KONNECT_SERVER_URL are set"},
		"left-over token":     {nil, values{"KONNECT_EMBEDDED": "/x", "KONNECT_TOKEN": "a"}, "", "", ": Both KONNECT_EMBEDDED and KONNECT_TOKEN are set"},
		"token alone":         {nil, values{"KONNECT_TOKEN": "a"}, "", "", ": There is a token (KONNECT_TOKEN), but nothing says which control plane it is for"},
		"token, and a file":   {values{"personal_access_token": "a"}, values{"KONNECT_EMBEDDED": "/y"}, "", "", ": There is a token (personal_access_token), but"},
		"no token":            {values{"server_url": us}, nil, "", "", ": server_url is set, but there is no token"},
		"no token in env":     {nil, values{"KONNECT_SERVER_URL": us}, "", "", ": KONNECT_SERVER_URL is set, but there is no token"},
		"two tokens":          {values{"server_url": us, "personal_access_token": "a", "service_access_token": "b"}, nil, "", "", "service_access_token: Both personal_access_token and service_access_token"},
		"no path":             {values{"embedded": ""}, nil, "", "", "embedded.path: embedded.path has no path"},
		"neither":             {values{"embedded": "(none)"}, nil, "", "", "embedded: embedded has no path. Wanted is embedded.path"},
		"memory":              {values{"embedded": ":memory:"}, nil, ":memory:", "http://embedded", ""},
		"memory by env":       {nil, values{"KONNECT_EMBEDDED": ":memory:"}, ":memory:", "http://embedded", ""},
		"load":                {values{"load": "kong.yaml"}, nil, ":memory: kong.yaml", "http://embedded", ""},
		"load into a file":    {values{"load": "kong.yaml", "embedded": "/x"}, nil, "/x kong.yaml", "http://embedded", ""},
		"load nothing":        {values{"load": "", "embedded": "/x"}, nil, "", "", "embedded.load: embedded.load is empty"},
		"load over env":       {values{"load": "kong.yaml"}, values{"KONNECT_EMBEDDED": "/y"}, ":memory: kong.yaml", "http://embedded", ""},
		"load and a token":    {values{"load": "kong.yaml", "personal_access_token": "a"}, nil, "", "", "embedded: Both embedded and personal_access_token"},
		"faulty load":         {values{"load": "/broken", "embedded": "/x"}, nil, "", "", "embedded.load: no such thing"},
		"no scheme":           {values{"server_url": "us.api.konghq.com", "personal_access_token": "a"}, nil, "", "", `server_url: "us.api.konghq.com" has no scheme: write "https://us.api.konghq.com"`},
		"web interface":       {values{"server_url": "https://cloud.konghq.com", "personal_access_token": "a"}, nil, "", "", "server_url: this is the address of Konnect's web interface"},
		"wrong url in env":    {nil, values{"KONNECT_SERVER_URL": "ftp://x", "KONNECT_TOKEN": "a"}, "", "", ": KONNECT_SERVER_URL: ftp:// is not spoken here"},
		"a token with blanks": {values{"server_url": us, "personal_access_token": "a b"}, nil, "", "", ": the token from personal_access_token holds a blank"},
		"no file":             {values{"embedded": "/broken"}, nil, "", "", "embedded.path: /broken: no such thing"},
		"retry budget":        {values{"embedded": "/x", "retry_budget": "soon"}, nil, "", "", `retry_budget: "soon" is not a time from 0s to 1h`},
		"negative budget":     {values{"embedded": "/x", "retry_budget": "-1s"}, nil, "", "", `retry_budget: "-1s" is not a time`},
		"endless budget":      {values{"embedded": "/x", "retry_budget": "48h"}, nil, "", "", `retry_budget: "48h" is not a time`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opened := ""
			k := &Provider{Catalog: Catalog{Bundled: bundledForTest}, Embedded: func(_ context.Context, path, load string) (http.Handler, io.Closer, error) {
				if path == "/broken" || load == "/broken" {
					return nil, nil, errors.New("no such thing")
				}
				opened = strings.TrimSpace(path + " " + load)
				return http.NotFoundHandler(), nil, nil
			}}
			s, f := k.open(t.Context(), block(c.block).settings(func(name string) string { return c.env[name] }))
			if f != nil {
				attribute, part, _ := strings.Cut(c.fault, ": ")
				if c.fault == "" || f.attribute != attribute || !strings.Contains(f.detail, part) {
					t.Errorf("got fault %q: %s", f.attribute, f.detail)
				}
				return
			}
			if c.fault != "" {
				t.Fatalf("no fault, want %s", c.fault)
			}
			if opened != c.opened || s.API.Address() != c.address {
				t.Errorf("opened %q and leads to %q", opened, s.API.Address())
			}
		})
	}
}

func bundledForTest() *plugins.Set { return plugins.Bundled(entity.Plugin.Schema(), entity.Schemas) }

// A setting that is known only after apply does not prevent a plan. If the
// control plane is needed after all, the error names the setting.
func TestSettings_unknown(t *testing.T) {
	t.Parallel()
	for name, values := range map[string]map[string]string{
		"server_url":            {"server_url": "(unknown)", "personal_access_token": "a"},
		"personal_access_token": {"server_url": "https://a.example", "personal_access_token": "(unknown)"},
		"embedded":              {"embedded": "(all unknown)"},
	} {
		k := &Provider{Catalog: Catalog{Bundled: bundledForTest}}
		s, f := k.open(t.Context(), block(values).settings(func(string) string { return "x" }))
		if f != nil {
			t.Errorf("%s: %s", name, f.detail)
			continue
		}
		if _, err := s.Client(); err == nil || !strings.Contains(err.Error(), "depends on "+name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestSettings_relativePath(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	var opened string
	k := &Provider{Catalog: Catalog{Bundled: bundledForTest}, Embedded: func(_ context.Context, path, _ string) (http.Handler, io.Closer, error) {
		opened = path
		return http.NotFoundHandler(), nil, nil
	}}
	if _, f := k.open(t.Context(), block(map[string]string{"embedded": "konnect.db"}).settings(noEnvironment)); f != nil {
		t.Fatal(f.detail)
	}
	if !strings.HasSuffix(opened, "/konnect.db") || !strings.HasPrefix(opened, "/") {
		t.Errorf("opened %s", opened)
	}
}

func TestSettings_retryBudget(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"": 0, "90s": 90 * time.Second, "0s": -1, "1h": time.Hour} {
		s := block(map[string]string{"retry_budget": text}).settings(noEnvironment)
		if got, err := s.retryBudget(); err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}
