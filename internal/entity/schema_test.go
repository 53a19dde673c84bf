package entity_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// auto makes automatic values that tests can name.
var auto = schema.Auto{
	Now:  func() time.Time { return time.Unix(1_700_000_000, 0) },
	UUID: func() any { return "3f0a1c1e-0000-4000-8000-000000000000" },
}

func check(t *testing.T, s *schema.Schema, in string) (any, any) {
	t.Helper()
	out, errs := s.Check(t.Context(), decode(t, in), schema.Insert, auto)
	if errs != nil {
		return nil, errs.Tree()
	}
	return out, nil
}

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v map[string]any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return v
}

// testdata/fields.json holds the properties that the API documents; a schema
// with another set would refuse what is documented or accept what is not.
func TestTypes_fieldsAreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/fields.json")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][]string
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	for name, typ := range map[string]*entity.Type{
		"control_planes": entity.ControlPlane, "services": entity.Service, "routes": entity.Route,
		"route_expressions": entity.RouteExpression, "consumers": entity.Consumer,
		"consumer_groups": entity.ConsumerGroup, "plugins": entity.Plugin,
	} {
		var got []string
		for _, f := range slices.Concat(typ.Schema().Fields, typ.Schema().ShorthandFields) {
			got = append(got, f.Name)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s (-documented +defined):\n%s", name, diff)
		}
	}
}

// The recorded answers of the open-source engine belong to exactly this entity.
func TestOpenSourcePlugin(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range entity.OpenSourcePlugin().Fields {
		got = append(got, f.Name)
	}
	want := []string{"id", "name", "instance_name", "created_at", "updated_at", "route", "service", "consumer", "config", "protocols", "enabled", "tags"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	noConfig := func(string) *schema.Schema {
		own := schema.MustCompile(schema.Def{"name": "bare", "fields": []any{}}, entity.Schemas)
		s, err := entity.OpenSourcePlugin().Specialize(own)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	bound := entity.OpenSourcePlugin().WithSubschemas(noConfig)
	for _, c := range []struct{ in, errs string }{
		{`{"name":"bare","config":{}}`, `{"config":"error in schema definition: abstract field was not specialized"}`},
		{`{"name":"bare","protocols":["ws"]}`, `{"protocols":["expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp"]}`},
		{`{"name":"bare","consumer_group":null}`, `{"consumer_group":"unknown field"}`},
		{`{"name":"bare","ordering":null}`, `{"ordering":"unknown field"}`},
		{`{"name":"bare","route":{"id":"bad"}}`, `{"route":{"protocols":"required field missing"}}`},
		{`{"name":"bare","service":{}}`, `{"service":{"id":"missing primary key"}}`},
	} {
		_, errs := check(t, bound, c.in)
		if diff := cmp.Diff(any(decode(t, c.errs)), errs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.in, diff)
		}
	}
}

func TestService_url(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, want string }{
		{"http://h", `{"protocol":"http","host":"h","port":80,"path":null}`},
		{"https://h", `{"protocol":"https","host":"h","port":443,"path":null}`},
		{"https://h:8443/a/b", `{"protocol":"https","host":"h","port":8443,"path":"/a/b"}`},
		{"//h:443", `{"protocol":"https","host":"h","port":443,"path":null}`},
		{"//h:80", `{"protocol":"http","host":"h","port":80,"path":null}`},
		{"//h:81", `{"protocol":"http","host":"h","port":81,"path":null}`},
		{"grpc://h", `{"protocol":"grpc","host":"h","port":80,"path":null}`},
		{"http://user:pw@h/x", `{"protocol":"http","host":"h","port":80,"path":"/x"}`},
		{"http://[::1]:8000/x", `{"protocol":"http","host":"::1","port":8000,"path":"/x"}`},
		{"http://[::1]", `{"protocol":"http","host":"::1","port":80,"path":null}`},
		{"http://h/x?y=1#z", `{"protocol":"http","host":"h","port":80,"path":"/x"}`},
		{"http://h/x;p", `{"protocol":"http","host":"h","port":80,"path":"/x"}`},
		{"http://h:0", `{"protocol":"http","host":"h","port":0,"path":null}`},
		{"http://h:port", `{"protocol":"http","host":"h","port":80,"path":null}`},
		{"http://h:0080", `{"protocol":"http","host":"h","port":80,"path":null}`},
		{"http://h:99999999999999999999", `{"protocol":"http","host":"h","port":99999999999999999999,"path":null}`},
	} {
		in, err := json.Marshal(map[string]any{"url": c.url, "host": "overridden", "port": 1})
		if err != nil {
			t.Fatal(err)
		}
		out, errs := entity.Service.Schema().ProcessAutoFields(t.Context(), decode(t, string(in)), schema.Insert, auto)
		if errs != nil {
			t.Errorf("%s: %v", c.url, errs)
			continue
		}
		got := map[string]any{}
		for _, name := range []string{"protocol", "host", "port", "path"} {
			got[name] = out[name]
		}
		if diff := cmp.Diff(decode(t, c.want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.url, diff)
		}
	}
}

// Lengths that Konnect counts in characters are not counted in bytes.
func TestControlPlane_lengths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, description string
		field             string
	}{
		{strings.Repeat("é", 256), strings.Repeat("é", 2048), ""},
		{strings.Repeat("é", 257), "", "name"},
		{strings.Repeat("a", 257), "", "name"},
		{"a", "", "name"},
		{"ab", strings.Repeat("a", 2049), "description"},
	} {
		in := map[string]any{"name": c.name, "description": c.description}
		_, errs := entity.ControlPlane.Schema().Check(t.Context(), in, schema.Insert, auto)
		var fields []string
		for _, v := range errs.Violations() {
			fields = append(fields, v.Path.String())
		}
		if got := strings.Join(fields, " "); got != c.field {
			t.Errorf("name of %d bytes, description of %d: faults at %q, want %q", len(c.name), len(c.description), got, c.field)
		}
	}
}

// Unknown values are not judged, known ones are.
func TestSchemas_unknownValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ  *entity.Type
		in   map[string]any
		want string
	}{
		{entity.Service, map[string]any{"host": schema.Unknown, "protocol": schema.Unknown, "path": "/x"}, ""},
		{entity.Service, map[string]any{"host": schema.Unknown, "port": schema.Number("70000")}, "port"},
		{entity.Service, map[string]any{"url": schema.Unknown}, ""},
		{entity.Service, map[string]any{"url": schema.Unknown, "port": schema.Number("70000")}, "port"},
		{entity.Route, map[string]any{"paths": schema.Unknown, "service": map[string]any{"id": schema.Unknown}}, ""},
		{entity.Route, map[string]any{"protocols": schema.Unknown, "paths": []any{"/x"}}, ""},
		{entity.Route, map[string]any{"protocols": []any{schema.Unknown}, "paths": []any{"/x"}}, ""},
		{entity.Route, map[string]any{"protocols": []any{schema.Unknown}, "paths": []any{"x"}}, "paths[0]"},
		{entity.Consumer, map[string]any{"username": schema.Unknown}, ""},
		{entity.ControlPlane, map[string]any{"name": schema.Unknown, "labels": map[string]any{"a": schema.Unknown, "_b": "x"}}, "labels._b"},
		{entity.ConsumerGroupMember, map[string]any{"consumer": map[string]any{"id": schema.Unknown}, "consumer_group": schema.Unknown}, ""},
	} {
		_, errs := c.typ.Schema().Check(t.Context(), c.in, schema.Insert, auto)
		var paths []string
		for _, v := range errs.Violations() {
			paths = append(paths, v.Path.String())
		}
		if got := strings.Join(paths, " "); got != c.want {
			t.Errorf("%s %v: faults at %q, want %q", c.typ.Name, c.in, got, c.want)
		}
	}
}
