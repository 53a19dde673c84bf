package framework

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// The environment variables for settings that the provider block leaves out.
const (
	envServerURL     = "KONNECT_SERVER_URL"
	envPersonalToken = "KONNECT_TOKEN"
	envSystemToken   = "KONNECT_SPAT"
	envEmbedded      = "KONNECT_EMBEDDED"
	envWorkspace     = "KONNECT_WORKSPACE"
	envHCPWorkspace  = "TFC_WORKSPACE_SLUG" // organization/workspace, in every run of HCP Terraform
)

// setting is one value and where it came from.
type setting struct {
	value  string
	source string // attribute or environment variable, as messages name it
	block  bool
}

// settings are what the provider block and the environment say together.
type settings struct {
	serverURL setting
	tokens    []setting // those that are set
	embedded  setting   // the path
	load      setting
	retry     setting
	minimum   setting
	workspace attempt.Workspace
	tags      tags
	unknown   string // the attribute whose value is not known yet, if any
}

// fault is what is wrong with the settings.
type fault struct{ attribute, summary, detail string }

// path is the place that Terraform can show: the attribute itself, and not what
// is within it.
func (f fault) path() path.Path {
	first, _, _ := strings.Cut(f.attribute, ".")
	return path.Root(first)
}

// settings reads the block first. If it says anything about which control plane
// to use, the environment does not count for that.
func (c configuration) settings(env func(string) string) settings {
	var s settings
	s.serverURL = s.attribute("server_url", c.ServerURL)
	for _, t := range []struct {
		name  string
		value types.String
	}{
		{"personal_access_token", c.PersonalToken},
		{"system_account_access_token", c.SystemToken},
		{"konnect_access_token", c.KonnectToken},
		{"service_access_token", c.ServiceToken},
	} {
		if token := s.attribute(t.name, t.value); token.value != "" {
			s.tokens = append(s.tokens, token)
		}
	}
	s.retry = s.attribute("retry_budget", c.RetryBudget)
	s.minimum = setting{value: c.MinimumVersion.ValueString(), source: "minimum_data_plane_version", block: true}
	s.workspace = workspaceIn(c.Workspace.ValueString(), env) // of no consequence before an apply, which knows it
	s.tags = readTags(c.DefaultTags)
	s.readEmbedded(c.EmbeddedSetting)
	if s.unknown == "" {
		s.readEnvironment(env)
	}
	return s
}

// workspaceIn returns the name of the state, as far as anybody says it: one that is
// chosen here counts for each of Terraform's own workspaces apart.
func workspaceIn(block string, env func(string) string) attempt.Workspace {
	if name := cmp.Or(strings.TrimSpace(block), strings.TrimSpace(env(envWorkspace))); name != "" {
		return attempt.Workspace(name + "/" + attempt.Selected(env))
	}
	return attempt.Workspace(env(envHCPWorkspace))
}

func (s *settings) attribute(name string, v types.String) setting {
	if v.IsUnknown() {
		s.unknown = name
	}
	return setting{value: strings.TrimSpace(v.ValueString()), source: name, block: true}
}

func (s *settings) readEmbedded(v types.Object) {
	if v.IsUnknown() {
		s.unknown = "embedded"
		return
	}
	read := func(name string) setting {
		text, _ := v.Attributes()[name].(types.String)
		out := s.attribute("embedded."+name, text)
		if out.value == "" && !text.IsNull() && !text.IsUnknown() {
			out.value = blank
		}
		return out
	}
	s.embedded, s.load = read("path"), read("load")
	switch {
	case v.IsNull() || s.unknown != "" || s.embedded.value != "":
	case s.load.value == "":
		s.embedded = setting{value: blank, source: "embedded", block: true}
	default:
		s.embedded = setting{value: inMemory, source: "embedded", block: true}
	}
}

// blank is a path that is given, though empty: see faults.
const blank = " "

func (s *settings) readEnvironment(env func(string) string) {
	remote := s.serverURL.value != "" || len(s.tokens) > 0
	variable := func(name string) setting { return setting{value: strings.TrimSpace(env(name)), source: name} }
	if !remote && s.embedded.value == "" {
		s.embedded = variable(envEmbedded)
	} else if s.embedded.value != "" {
		return
	}
	if s.serverURL.value == "" {
		s.serverURL = variable(envServerURL)
	}
	if len(s.tokens) > 0 {
		return
	}
	for _, name := range []string{envPersonalToken, envSystemToken} {
		if t := variable(name); t.value != "" {
			s.tokens = []setting{t}
			return
		}
	}
}

const bothChoices = "Choose one of two:\n\n" +
	"  - a control plane in Konnect, or one that is served elsewhere: server_url (or " + envServerURL + ") with\n" +
	"    personal_access_token (or " + envPersonalToken + ") or system_account_access_token (or " + envSystemToken + ");\n" +
	"  - the embedded control plane, in a file: embedded = { path = \"konnect.db\" } (or " + envEmbedded + ").\n\n" +
	"There is no default, so that a forgotten token cannot end in a local file."

// faults says what is wrong with the settings that are given.
func (s settings) faults() []fault {
	var out []fault
	add := func(at setting, summary, detail string) {
		attribute := at.source
		if !at.block {
			attribute = ""
		}
		out = append(out, fault{attribute, summary, detail})
	}
	remote := s.serverURL
	if remote.value == "" && len(s.tokens) > 0 {
		remote = s.tokens[0]
	}
	if s.embedded.value != "" && remote.value != "" {
		add(s.embedded, "Two control planes", fmt.Sprintf("Both %s and %s are set. %s", s.embedded.source, remote.source, bothChoices))
	}
	if s.embedded.value == blank {
		add(s.embedded, "No path", s.embedded.source+" has no path. Wanted is embedded.path, the path of a file such as konnect.db or \":memory:\", or embedded.load, or both.")
	}
	if s.load.value == blank {
		add(s.load, "No file to load", "embedded.load is empty. Wanted is the path of a file with declarative configuration, such as kong.yaml, or with a dump.")
	}
	if s.serverURL.value != "" {
		if _, err := client.ParseServerURL(s.serverURL.value); err != nil {
			add(s.serverURL, "Invalid server_url", wording.Sentence(fmt.Sprintf("%s: %s", s.serverURL.source, err)))
		}
	}
	if len(s.tokens) > 1 {
		add(s.tokens[1], "Two tokens", fmt.Sprintf("Both %s and %s are set. A request carries one token: leave out the other.", s.tokens[0].source, s.tokens[1].source))
	}
	if _, err := s.minimumVersion(); err != nil {
		add(s.minimum, "Invalid minimum_data_plane_version", wording.Sentence("minimum_data_plane_version: "+err.Error()))
	}
	if err := s.tags.fault(); err != nil {
		add(setting{source: "default_tags", block: true}, "Invalid default_tags", wording.Sentence(err.Error()))
	}
	if _, err := s.retryBudget(); err != nil {
		add(s.retry, "Invalid retry_budget", wording.Sentence(err.Error()))
	}
	return out
}

// missing says which required setting is not given.
func (s settings) missing() *fault {
	switch {
	case s.embedded.value != "":
		return nil
	case s.serverURL.value == "" && len(s.tokens) == 0:
		return &fault{"", "No control plane", "Nothing says which control plane to use. " + bothChoices}
	case s.serverURL.value == "":
		return &fault{"", "No server_url", fmt.Sprintf("There is a token (%s), but nothing says which control plane it is for. "+
			"Set server_url or %s to the API of your region, such as https://us.api.konghq.com, https://eu.api.konghq.com or https://au.api.konghq.com.",
			s.tokens[0].source, envServerURL)}
	case len(s.tokens) == 0 && !isLoopback(s.serverURL.value):
		return &fault{"", "No token", fmt.Sprintf("%s is set, but there is no token for it. "+
			"Set personal_access_token (or %s) or system_account_access_token (or %s). "+
			"Only a control plane on this machine may be used without.", s.serverURL.source, envPersonalToken, envSystemToken)}
	}
	return nil
}

// isLoopback reports whether an address stays on this machine.
func isLoopback(address string) bool {
	u, err := client.ParseServerURL(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

const longestRetryBudget = time.Hour

// retryBudget returns the time that the client may spend on repeating; less
// than 0 means never, 0 the client's own default.
func (s settings) retryBudget() (time.Duration, error) {
	if s.retry.value == "" {
		return 0, nil
	}
	d, err := timeUpTo(longestRetryBudget, "retry_budget", s.retry.value)
	if err == nil && d == 0 {
		d = -1
	}
	return d, err
}

// timeUpTo reads the text of an attribute that is a time.
func timeUpTo(longest time.Duration, attribute, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > longest {
		return 0, fmt.Errorf("%s: %q is not a time from 0s to %s, written as a number with a unit such as \"90s\" or \"2m\"", attribute, text, longest)
	}
	return d, nil
}

// minimumVersion returns the oldest version of the data planes; zero when
// nothing is said.
func (s settings) minimumVersion() (dataplane.Version, error) {
	if s.minimum.value == "" {
		return dataplane.Version{}, nil
	}
	return dataplane.ParseVersion(s.minimum.value)
}

// open makes the session that the settings lead to.
func (k *Provider) open(ctx context.Context, s settings) (*session.Session, *fault) {
	next := session.New(k.Catalog.Bundled())
	next.Minimum, _ = s.minimumVersion() // judged by faults
	next.Tags, next.TagsUnknown = s.tags.texts, s.tags.unknown
	if s.unknown != "" {
		next.Missing = s.unknown
		return next, nil
	}
	if faults := s.faults(); len(faults) > 0 {
		return nil, &faults[0]
	}
	if f := s.missing(); f != nil {
		return nil, f
	}
	budget, _ := s.retryBudget() // judged by faults
	opts := client.Options{
		ServerURL:   s.serverURL.value,
		UserAgent:   "terraform-provider-konnect/" + k.Version,
		RetryBudget: budget,
		OnRetry:     session.Waiting,
	}
	if len(s.tokens) > 0 {
		opts.Token, opts.TokenSource = s.tokens[0].value, s.tokens[0].source
	}
	if s.embedded.value != "" {
		if f := k.embed(ctx, s.embedded, s.load, &opts, next); f != nil {
			return nil, f
		}
	}
	api, err := client.New(opts)
	if err != nil {
		return nil, &fault{"", "Invalid provider configuration", wording.Sentence(err.Error())}
	}
	next.API = api
	next.Place, next.Attempts, next.Workspace = cmp.Or(s.embedded.value, api.Address()), k.Attempts, s.workspace
	return next, nil
}

// embed opens the embedded control plane.
func (k *Provider) embed(ctx context.Context, at, load setting, opts *client.Options, next *session.Session) *fault {
	fail := func(at setting, summary string, err error) *fault {
		attribute := ""
		if at.block {
			attribute = at.source
		}
		return &fault{attribute, summary, wording.Sentence(err.Error())}
	}
	file, err := absolute(at.value)
	if err != nil {
		return fail(at, "No working directory", err)
	}
	handler, closer, err := k.Embedded(ctx, file, load.value)
	switch {
	case err != nil && load.value != "":
		return fail(load, "Unable to begin the embedded control plane", err)
	case err != nil:
		return fail(at, "Unable to open the embedded control plane", fmt.Errorf("%s: %w", file, err))
	}
	opts.Transport, opts.ServerURL, opts.Token, opts.TokenSource = client.HandlerTransport(handler), "", "", ""
	next.Closer, next.InMemory = closer, file == inMemory
	if unmade, ok := handler.(interface{ Missing() bool }); ok && unmade.Missing() {
		next.NoteNoFile(file)
	}
	return nil
}

// absolute is the path of a file, whatever the working directory.
func absolute(path string) (string, error) {
	if path == inMemory {
		return path, nil
	}
	return filepath.Abs(path)
}
