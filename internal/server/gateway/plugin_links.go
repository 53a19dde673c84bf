package gateway

import (
	"context"
	"errors"
	"net/http"
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

// link is a partial that supplies a part of a configuration.
type link struct {
	partial map[string]any
	path    schema.Path
}

// completeLinked judges a plugin with the parts that come from partials in
// their places, so that required fields are there. It stores the plugin without
// them, so that a change of the partial has an effect.
func (s *Gateway) completeLinked(ctx context.Context, scope string, p *plugins.Plugin, body map[string]any) (map[string]any, error) {
	links, err := s.links(ctx, scope, p, body)
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		graft(p, body, l)
	}
	doc, err := s.Completed(ctx, p.Schema, body)
	if err != nil {
		return nil, err
	}
	shown := make([]any, len(links))
	for i, l := range links {
		ungraft(doc, l.path)
		shown[i] = wire.Compact(map[string]any{"id": l.partial["id"], "name": l.partial["name"], "path": l.path.String()})
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
		if slices.ContainsFunc(links, func(l link) bool { return slices.Equal(l.path, path) }) {
			return nil, fault.Violation(field, "eq", "another partial takes this place already")
		}
		links = append(links, link{partial, path})
	}
	return links, nil
}

// expandPartials shows the parts from partials in their places, if the request
// asks for it.
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
		if path, err := schema.ParsePath(jsonvalue.Text(named["path"])); err == nil {
			supply(answer, path, partial["config"])
		}
	}
	return s.showFormer(r.Context(), scope, doc, answer)
}

// linkPath returns the place of a partial. A request may leave it out if the
// kind fits one place only.
func linkPath(p *plugins.Plugin, kind string, path any) (at schema.Path, problem string) {
	places := p.PartialPlaces(kind)
	place, fits := plugins.PartialPlace(path, places)
	_, given := path.(string)
	switch {
	case len(places) == 0:
		return nil, "the plugin " + p.Name + " takes no partial of type " + kind
	case !fits && given:
		return nil, "path must be one of: " + strings.Join(places, ", ")
	case !fits:
		return nil, "path is needed, one of: " + strings.Join(places, ", ")
	}
	at, err := schema.ParsePath(place)
	if err != nil {
		return nil, err.Error()
	}
	return at, ""
}

// graft puts the configuration of a partial in its place, without fields that
// this plugin lacks. As in Konnect, it wins over the values of the body. If a
// value of the body is in the way, the schema reports that.
func graft(p *plugins.Plugin, body map[string]any, l link) {
	if _, given := body["config"]; !given {
		body["config"] = map[string]any{}
	}
	place := p.Schema.FieldAt(l.path)
	known := schema.Walk(place, l.partial["config"], func(c *schema.Cursor) bool {
		if c.Field == nil {
			c.Delete()
		}
		return c.Field != nil && c.Field.Type != schema.JSON
	})
	supply(body, l.path, known)
}

// supply puts the configuration of a partial in its place. It appends elements
// to lists, whatever their index.
func supply(doc map[string]any, path schema.Path, config any) {
	path.AnyElement().Set(doc, config)
}

// ungraft removes the configuration of a partial from its place.
func ungraft(doc map[string]any, path schema.Path) {
	if path = path.AnyElement(); path[len(path)-1] == schema.Each {
		path.Delete(doc)
		return
	}
	path.Set(doc, nil)
}
