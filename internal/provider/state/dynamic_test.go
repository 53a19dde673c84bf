package state

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

func limiter(t testing.TB) *schema.Schema {
	t.Helper()
	text, err := os.ReadFile("../../document/testdata/limiter.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema.MustCompile(decode(t, string(text)), nil)
}

func decode(t testing.TB, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out map[string]any
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

// What a read puts into state: what the user wrote, but for what differs.
func TestProject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ prior, server, want string }{
		"nothing differs":                  {`{"minute":7}`, `{"minute":7,"policy":"local","redis":{"port":6379}}`, `{"minute":7}`},
		"written defaults":                 {`{"minute":7,"policy":"local","redis":{}}`, `{"minute":7}`, `{"minute":7,"policy":"local","redis":{}}`},
		"nulls of the server":              {`{"minute":7}`, `{"minute":7,"methods":null,"redis":null,"extra":null}`, `{"minute":7}`},
		"empty collections of the server":  {`{"minute":7}`, `{"minute":7,"methods":[],"headers":{}}`, `{"minute":7}`},
		"a value":                          {`{"minute":7}`, `{"minute":5}`, `{"minute":5}`},
		"a value where none was written":   {`{"minute":7}`, `{"minute":7,"policy":"redis"}`, `{"minute":7,"policy":"redis"}`},
		"a nested one":                     {`{"minute":7}`, `{"minute":7,"redis":{"port":1}}`, `{"minute":7,"redis":{"port":1}}`},
		"beside a nested one":              {`{"redis":{"host":"a"}}`, `{"redis":{"host":"a","port":1}}`, `{"redis":{"host":"a","port":1}}`},
		"a field unknown to the schema":    {`{"minute":7}`, `{"minute":7,"zzz":"q"}`, `{"minute":7,"zzz":"q"}`},
		"a field that is gone":             {`{"minute":7,"headers":{"a":"b"}}`, `{"minute":7}`, `{"minute":7}`},
		"a map entry":                      {`{"headers":{"a":"b"}}`, `{"headers":{"a":"b","c":"d"}}`, `{"headers":{"a":"b","c":"d"}}`},
		"a map entry that is gone":         {`{"headers":{"a":"b","c":"d"}}`, `{"headers":{"a":"b"}}`, `{"headers":{"a":"b"}}`},
		"an element that is gone":          {`{"rules":[{"name":"1"},{"name":"2"}]}`, `{"rules":[{"name":"1","action":"allow"}]}`, `{"rules":[{"name":"1"}]}`},
		"an element more":                  {`{"rules":[{"name":"1"}]}`, `{"rules":[{"name":"1","action":"allow"},{"name":"2","action":"allow"}]}`, `{"rules":[{"name":"1"},{"name":"2"}]}`},
		"a leaf of an element":             {`{"rules":[{"name":"1"}]}`, `{"rules":[{"name":"1","action":"deny"}]}`, `{"rules":[{"name":"1","action":"deny"}]}`},
		"a list reversed":                  {`{"rules":[{"name":"1"},{"name":"2"}]}`, `{"rules":[{"name":"2"},{"name":"1"}]}`, `{"rules":[{"name":"2"},{"name":"1"}]}`},
		"a set reversed":                   {`{"methods":["GET","POST"]}`, `{"methods":["POST","GET"]}`, `{"methods":["GET","POST"]}`},
		"a set with duplicates":            {`{"methods":["GET","GET"]}`, `{"methods":["GET"]}`, `{"methods":["GET","GET"]}`},
		"a set with one more":              {`{"methods":["GET","POST"]}`, `{"methods":["DELETE","POST","GET"]}`, `{"methods":["GET","POST","DELETE"]}`},
		"an empty list over a default":     {`{"tokens":[]}`, `{"tokens":[]}`, `{"tokens":[]}`},
		"a default over an empty list":     {`{"tokens":[]}`, `{"tokens":["id"]}`, `{"tokens":["id"]}`},
		"a number written otherwise":       {`{"minute":5.0,"ratio":1e-1}`, `{"minute":5,"ratio":0.1}`, `{"minute":5,"ratio":0.1}`},
		"a number of a server with floats": {`{"minute":9007199254740993}`, `{"minute":9007199254740992}`, `{"minute":9007199254740993}`},
		"a text for a number":              {`{"minute":"7"}`, `{"minute":7}`, `{"minute":"7"}`},
		"a text for the truth":             {`{"hide":"true"}`, `{"hide":true}`, `{"hide":"true"}`},
		"a value that the server made":     {`{"minute":7}`, `{"minute":7,"namespace":"xyz"}`, `{"minute":7}`},
		"a made value among differences":   {`{"minute":7}`, `{"minute":8,"namespace":"xyz"}`, `{"minute":8}`},
		"an optional record":               {`{"minute":7}`, `{"minute":7,"extra":{"size":10}}`, `{"minute":7,"extra":{}}`},
		"an import":                        {`null`, `{"minute":7,"policy":"local","hide":false,"namespace":"xyz","redis":{"host":null,"port":6379},"tokens":["id"],"rules":[{"name":"1","action":"allow"}]}`, `{"minute":7,"namespace":"xyz","rules":[{"name":"1"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			s := limiter(t)
			prior := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
			if c.prior != "null" {
				prior = tfvalue.FromGo(decode(t, c.prior))
			}
			answer := document.CompleteAnswer(ctx, s, map[string]any{"config": decode(t, c.server)})
			a := (&attribute.Attribute{Name: "config", Key: "config", Mode: attribute.Required, Form: attribute.FormDynamic}).Seal()
			got := Projector{Schema: s}.dynamic(ctx, a, prior, answer["config"])
			want := tfvalue.FromGo(decode(t, c.want))
			if diff := cmp.Diff(tfvalue.ToGo(want), tfvalue.ToGo(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A configuration that was given as JSON text stays one.
func TestProject_text(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := limiter(t)
	a := (&attribute.Attribute{Name: "config", Key: "config", Mode: attribute.Required, Form: attribute.FormDynamic}).Seal()
	prior := tftypes.NewValue(tftypes.String, `{ "minute": 7, "policy": "local" }`)
	for server, want := range map[string]string{
		`{"minute":7}`: `{ "minute": 7, "policy": "local" }`,
		`{"minute":8}`: `{"minute":8,"policy":"local"}`,
	} {
		answer := document.CompleteAnswer(ctx, s, map[string]any{"config": decode(t, server)})
		got := tfvalue.ToGo(Projector{Schema: s}.dynamic(ctx, a, prior, answer["config"]))
		if got != want {
			t.Errorf("%s: got %v, want %v", server, got, want)
		}
	}
}

// Without a schema nothing is known about what the user left out.
func TestProject_withoutSchema(t *testing.T) {
	t.Parallel()
	a := (&attribute.Attribute{Name: "config", Key: "config", Mode: attribute.Required, Form: attribute.FormDynamic}).Seal()
	prior := tfvalue.FromGo(decode(t, `{"a":1,"r":{"b":2}}`))
	got := Projector{}.dynamic(context.Background(), a, prior, decode(t, `{"a":3,"r":{"b":2,"c":5},"d":4}`))
	if diff := cmp.Diff(any(decode(t, `{"a":3,"r":{"b":2}}`)), tfvalue.ToGo(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
