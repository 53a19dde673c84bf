package ui

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/routing"
)

// forecast is what a control plane would make of a request.
type forecast struct {
	Request  routing.Request
	Headers  string // as they were typed
	Consumer string
	Asked    bool
	Problem  string // with what was typed
	Members  []member

	routing.Result
	Service map[string]any
	Runs    []routing.Run
}

// member is a control plane of a group, with the page that answers for it.
type member struct{ Name, Address string }

// Schemes are those that can be asked for.
func (forecast) Schemes() []string { return []string{"https", "http", "grpcs", "grpc"} }

// longestField is how much of a field of the form counts.
const longestField = 8 << 10

// applies shows which route takes a request, and which plugins run for it.
func applies(v *visit) (any, error) {
	out := forecast{Headers: v.field("headers"), Consumer: v.field("consumer"), Asked: v.URL.Query().Has("path")}
	out.Request = routing.Request{
		Scheme: v.field("scheme"), Method: strings.ToUpper(v.field("method")), Host: v.field("host"), Path: v.field("path"), SNI: v.field("sni"),
	}
	if !out.Asked {
		out.Request.Scheme, out.Request.Method, out.Request.Path = "https", "GET", "/"
		return out, nil
	}
	if out.Problem = out.read(); out.Problem != "" {
		return out, nil
	}
	if session.IsGroup(v.plane) {
		return out, v.askMembers(&out)
	}
	routes, err := v.all(entity.Route)
	if err != nil {
		return nil, err
	}
	out.Result = routing.Match(v.Context(), routes, out.Request)
	if len(out.Candidates) == 0 {
		return out, nil
	}
	target, err := v.target(&out)
	if err != nil || out.Problem != "" {
		return out, err
	}
	instances, err := v.all(entity.Plugin)
	if err != nil {
		return nil, err
	}
	priorities, err := v.priorities(instances)
	if err != nil {
		return nil, err
	}
	out.Runs = routing.Plugins(instances, target, func(name string) (int, bool) {
		p, known := priorities[name]
		return p, known
	})
	return out, nil
}

// askMembers says that a group has no routes of its own, and whom to ask.
func (v *visit) askMembers(f *forecast) error {
	f.Problem = "A control plane group has no routes of its own. Ask its members: data planes of the group have what all of them hold."
	planes, err := v.members()
	for _, p := range planes {
		f.Members = append(f.Members, member{knownAs(p), address(p, entity.ControlPlane, p) + "/applies?" + v.URL.RawQuery})
	}
	return err
}

func (v *visit) field(name string) string {
	value := strings.TrimSpace(v.FormValue(name))
	return strings.ToValidUTF8(value[:min(len(value), longestField)], "")
}

// read completes the request, and says what is wrong with what was typed.
func (f *forecast) read() string {
	if !slices.Contains(f.Schemes(), f.Request.Scheme) {
		f.Request.Scheme = "https"
	}
	if f.Request.Method == "" {
		f.Request.Method = "GET"
	}
	path, _, _ := strings.Cut(f.Request.Path, "?")
	path, err := url.PathUnescape(path)
	if err != nil || !strings.HasPrefix(path, "/") {
		return "The path begins with a slash, as in /orders/1."
	}
	f.Request.Path = path
	f.Request.Headers = map[string][]string{}
	for i, line := range strings.Split(f.Headers, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			return fmt.Sprintf("Line %d of the headers has no colon: write a header as in X-Version: 2.", i+1)
		}
		name = strings.ToLower(strings.TrimSpace(name))
		f.Request.Headers[name] = append(f.Request.Headers[name], strings.TrimSpace(value))
	}
	return ""
}

// all are the entities of a type in the control plane.
func (v *visit) all(t *entity.Type) ([]map[string]any, error) {
	return v.api.ListPath(v.Context(), t.Family, v.collection(t), nil)
}

// target is where the first candidate leads, and who sends the request.
func (v *visit) target(f *forecast) (routing.Target, error) {
	route := f.Candidates[0].Route
	out := routing.Target{Route: jsonvalue.Text(route["id"]), Scheme: f.Request.Scheme}
	if ref, ok := route["service"].(map[string]any); ok {
		out.Service = jsonvalue.Text(ref["id"])
		doc, err := v.get(v.member(entity.Service, out.Service))
		if err != nil {
			return out, err
		}
		f.Service = doc
	}
	if f.Consumer == "" {
		return out, nil
	}
	consumer, err := v.get(v.member(entity.Consumer, f.Consumer))
	if errors.Is(err, client.ErrNotFound) {
		f.Problem = "There is no consumer with this user name or ID."
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Consumer = jsonvalue.Text(consumer["id"])
	groups, err := v.api.ListPath(v.Context(), entity.Core, v.member(entity.Consumer, out.Consumer)+"/consumer_groups", nil)
	for _, g := range groups {
		out.Groups = append(out.Groups, jsonvalue.Text(g["id"]))
	}
	return out, err
}

// priorities are those of the plugins of some instances, by their names. That of a custom plugin
// stands in its code, which nobody here knows.
func (v *visit) priorities(instances []map[string]any) (map[string]int, error) {
	out, asked := map[string]int{}, map[string]bool{}
	for _, i := range instances {
		name := jsonvalue.Text(i["name"])
		if asked[name] {
			continue
		}
		asked[name] = true
		if p, ok := v.ui.Bundled.Lookup(name); ok && p.Info != nil {
			out[name] = p.Info.Priority
			continue
		}
		p, err := v.plugin(name)
		if err != nil && !errors.Is(err, session.ErrNoPlugin) {
			return nil, err
		}
		if p != nil && !p.Custom && p.Info != nil {
			out[name] = p.Info.Priority
		}
	}
	return out, nil
}
