package resource

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Whatever a configuration and a state hold, the plan is one that Terraform
// accepts, and carrying it out leaves nothing unknown.
func FuzzPlan(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"control_plane_id":"c","host":"h","tags":["a","?"],"client_certificate":{}}`, `{"host":"h","tags":["b"],"tls_sans":{"uris":["x"]},"id":"i"}`},
		{`{"control_plane_id":"?","name":"rate-limiting","config":{"minute":"5","redis":{"host":"?"}},"service":{}}`, `{"id":"i","name":"rate-limiting","config":{"minute":5}}`},
		{`{"control_plane_id":"c","name":"?","config":"{\"a\":1}","service":{},"ordering":{"before":{}}}`, `{"id":"i","name":"x"}`},
		{`{"control_plane_id":"c","name":"ip-restriction","config":"{\"allow\":[\"10.0.0.1\"]}","ordering":{"after":{"access":["?"]}}}`, `{"id":"i","name":"ip-restriction","config":{"allow":["10.0.0.1"]},"protocols":["http"]}`},
		{`{"name":"x","auth_type":"?","proxy_urls":[{"host":"a","port":1,"protocol":"b"},{"host":"?"}]}`, `{"id":"i","name":"y","cluster_type":"CLUSTER_TYPE_HYBRID","labels":{"a":"b"}}`},
		{`{"control_plane_id":"c","paths":["/a"],"sources":[{"ip":"?"},{"port":5}],"headers":{"a":["b"]}}`, `{"id":"i","protocols":["https","http"],"sources":[{"ip":"x"}]}`},
		{`{"control_plane_id":"c","lua_schema":"?"}`, `{"name":"n","lua_schema":"x"}`}, {`{}`, `null`}, {`{"config":"?","labels":"?","tags":"?","service":"?"}`, `{}`},
	} {
		f.Add(seed[0], seed[1])
	}
	all := All()
	s := session.New(Bundled())
	f.Fuzz(func(t *testing.T, configText, priorText string) {
		for name, r := range all {
			config, okConfig := valueOf(r.Root(), configText)
			prior, okPrior := valueOf(r.Root(), priorText)
			if !okConfig || !okPrior || config.IsNull() || tfvalue.HasUnknown(prior) {
				continue
			}
			config = r.onlyWritable(config)
			p, diags := r.Plan(context.Background(), s, config, prior, nil)
			if report.HasErrors(diags) {
				continue
			}
			if _, err := r.Encode(p.Value); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if broken := unacceptable(r.Root(), config, prior, p.Value, p.Tolerated); broken != "" {
				t.Fatalf("%s: %s\nconfig %s\nprior  %s\nplan   %s", name, broken, config, prior, p.Value)
			}
			state, err := state.Resolve(r.Root(), p.Value, map[string]any{})
			if err != nil || tfvalue.HasUnknown(state) {
				t.Fatalf("%s: after an apply it is %s (%v)", name, state, err)
			}
		}
	})
}

// valueOf makes a value of JSON, in which "?" is unknown.
func valueOf(a *attribute.Attribute, text string) (tftypes.Value, bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc map[string]any
	if d.Decode(&doc) != nil {
		return tftypes.Value{}, false
	}
	if doc == nil {
		return tftypes.NewValue(a.Type, nil), true
	}
	named, _ := withUnknown(doc).(map[string]any)
	v, err := a.FromGo(named)
	return v, err == nil
}

func withUnknown(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = withUnknown(e)
		}
	case []any:
		for i, e := range v {
			v[i] = withUnknown(e)
		}
	case string:
		if v == "?" {
			return schema.Unknown
		}
	}
	return v
}

// onlyWritable takes out what a configuration cannot set.
func (r *Resource) onlyWritable(v tftypes.Value) tftypes.Value {
	fields := tfvalue.Members(v)
	for _, c := range r.Root().Children {
		if !c.Writable() {
			fields[c.Name] = tftypes.NewValue(c.Type, nil)
		} else if c.Key == "" && c.Form == attribute.FormString && tfvalue.IsNull(fields[c.Name]) {
			fields[c.Name] = tftypes.NewValue(c.Type, "x")
		}
	}
	return tftypes.NewValue(r.Root().Type, fields)
}

// unacceptable says which of Terraform's rules for plans is broken: what is
// configured is planned so, or as it was; what only a configuration sets is
// null without one; collections keep their length.
func unacceptable(a *attribute.Attribute, config, prior, plan tftypes.Value, tolerated bool) string {
	c, b, p := tfvalue.Members(config), tfvalue.Members(prior), tfvalue.Members(plan)
	for _, child := range a.Children {
		if s := unacceptableAttribute(child, c[child.Name], b[child.Name], p[child.Name], tolerated); s != "" {
			return child.Name + ": " + s
		}
	}
	return ""
}

func unacceptableAttribute(a *attribute.Attribute, config, prior, plan tftypes.Value, tolerated bool) string {
	same := func(x, y tftypes.Value) bool { return x.Type() != nil && y.Type() != nil && x.Equal(y) }
	switch {
	case tfvalue.IsNull(config) && a.IsComputed(), same(plan, config):
		return ""
	case tfvalue.IsNull(config) && tolerated && same(plan, prior):
		return ""
	case tfvalue.IsNull(config):
		return "planned without being configured"
	case !config.IsKnown():
		return "unknown, and planned otherwise"
	case same(plan, prior) && !tfvalue.IsNull(prior):
		return ""
	case a.Form == attribute.FormObject:
		return unacceptable(a, config, prior, plan, tolerated)
	case a.Elem != nil && a.Elem.Form == attribute.FormObject && a.Form == attribute.FormList:
		cs, bs, ps := tfvalue.Elements(config), tfvalue.Elements(prior), tfvalue.Elements(plan)
		if len(cs) != len(ps) {
			return "another number of elements"
		}
		for i := range cs {
			var b tftypes.Value
			if i < len(bs) {
				b = bs[i]
			}
			if s := unacceptable(a.Elem, cs[i], b, ps[i], tolerated); s != "" {
				return fmt.Sprintf("[%d]: %s", i, s)
			}
		}
		return ""
	}
	return "neither as configured nor as before"
}
