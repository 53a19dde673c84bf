package gateway

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// link is a partial that takes the place of a part of a configuration.
type link struct {
	partial map[string]any
	path    string
}

// completeLinked judges a plugin whose configuration comes from partials in
// part: with the parts in their places, so that rules that ask for them are
// kept, but stored without them, so that a change of the partial reaches it.
func (s *Gateway) completeLinked(ctx context.Context, scope string, p *plugins.Plugin, body map[string]any) (map[string]any, error) {
	links, err := s.links(ctx, scope, p, body)
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		if err := graft(body, l); err != nil {
			return nil, err
		}
	}
	doc, err := s.Completed(ctx, p.Schema, body)
	if err != nil {
		return nil, err
	}
	shown := make([]any, len(links))
	for i, l := range links {
		put(doc, l.path, nil)
		shown[i] = wire.Compact(map[string]any{"id": l.partial["id"], "name": l.partial["name"], "path": l.path})
	}
	doc["partials"] = shown
	return doc, nil
}

// links reads the partials that a plugin names and finds their places.
func (s *Gateway) links(ctx context.Context, scope string, p *plugins.Plugin, body map[string]any) ([]link, error) {
	list, _ := body["partials"].([]any)
	var links []link
	for i, v := range list {
		field := "partials[" + strconv.Itoa(i) + "]"
		named, _ := v.(map[string]any)
		id, ok := named["id"].(string)
		if !ok || !schema.IsUUID(id) {
			return nil, fault.Violation(field, "type", "must hold the id of a partial")
		}
		partial, err := s.Store.Get(ctx, entity.Partial, scope, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil, &store.ReferenceError{Field: "partials", Target: "partials", ID: id}
		}
		if err != nil {
			return nil, err
		}
		path, problem := linkPath(p, jsonvalue.Text(partial["type"]), named["path"])
		if problem != "" {
			return nil, fault.Violation(field, "eq", problem)
		}
		if slices.ContainsFunc(links, func(l link) bool { return l.path == path }) {
			return nil, fault.Violation(field, "eq", "another partial takes this place already")
		}
		links = append(links, link{partial, path})
	}
	return links, nil
}

// expandPartials shows what partials supply in its place, where that is asked
// for.
func (s *Gateway) expandPartials(r *http.Request, scope string, doc, answer map[string]any) error {
	if r.URL.Query().Get("expand_partials") != "true" {
		return nil
	}
	list, _ := doc["partials"].([]any)
	for _, v := range list {
		named, _ := v.(map[string]any)
		partial, err := s.Store.Get(r.Context(), entity.Partial, scope, jsonvalue.Text(named["id"]))
		if errors.Is(err, store.ErrNotFound) {
			continue // it went with the plugin just now
		}
		if err != nil {
			return err
		}
		put(answer, jsonvalue.Text(named["path"]), partial["config"])
	}
	return nil
}

var listIndex = regexp.MustCompile(`\[\d+\]`)

// linkPath says where a partial goes. A path may be left out where the kind
// fits one place only.
func linkPath(p *plugins.Plugin, kind string, path any) (string, string) {
	var fits []string
	if p.Info != nil {
		fits = p.Info.Partials[kind]
	}
	wanted, given := path.(string)
	switch {
	case len(fits) == 0:
		return "", "the plugin " + p.Name + " takes no partial of type " + kind
	case given && slices.Contains(fits, listIndex.ReplaceAllString(wanted, "[]")):
		return wanted, ""
	case given:
		return "", "path must be one of: " + strings.Join(fits, ", ")
	case len(fits) > 1:
		return "", "path is needed, one of: " + strings.Join(fits, ", ")
	}
	return fits[0], ""
}

// graft puts the configuration of a partial in its place, which must be free.
func graft(body map[string]any, l link) error {
	if _, given := body["config"]; !given {
		body["config"] = map[string]any{}
	}
	if !put(body, l.path, l.partial["config"]) {
		return fault.Invalid(&schema.Violation{
			Path: pathOf(l.path), Rule: "eq", Message: "must not be set, since a partial supplies it",
		})
	}
	return nil
}

func pathOf(dotted string) schema.Path {
	var path schema.Path
	for step := range strings.SplitSeq(dotted, ".") {
		path = append(path, schema.Key(step))
	}
	return path
}

// put puts a value at a path, making what is missing on the way, and says
// whether the place was free. It takes nil out again wherever it is. Elements
// of lists are added at the end and remain there.
func put(in map[string]any, path string, value any) bool {
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		if in[step] == nil {
			in[step] = map[string]any{}
		}
		next, ok := in[step].(map[string]any)
		if !ok {
			return true // which the schema will not like
		}
		in = next
	}
	last := steps[len(steps)-1]
	if name, _, element := strings.Cut(last, "["); element {
		list, _ := in[name].([]any)
		switch {
		case value != nil:
			in[name] = append(slices.Clone(list), value)
		case len(list) > 0:
			in[name] = list[:len(list)-1]
		}
		return true
	}
	if value != nil && in[last] != nil {
		return false
	}
	in[last] = value
	return true
}
