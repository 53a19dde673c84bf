package deck

import (
	"context"
	"errors"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// state is what a control plane holds.
type state struct {
	docs    map[string][]map[string]any // by type
	byID    map[identity]map[string]any
	members map[membership]bool
}

// identity is what addresses an entity of a control plane.
type identity struct{ typ, id string }

// membership is a consumer in a group, by their ids.
type membership struct{ group, consumer string }

func (t *Target) state(ctx context.Context, types entity.Table, schemas Schemas) (*state, error) {
	s := &state{docs: map[string][]map[string]any{}, byID: map[identity]map[string]any{}, members: map[membership]bool{}}
	const work = "lists read"
	for i, typ := range types {
		t.progress(work, i, len(types))
		list, err := t.Client.List(ctx, t.at(typ, ""), nil)
		if err != nil {
			return nil, err
		}
		if typ == entity.Plugin {
			if err := t.dropFormer(ctx, list, schemas); err != nil {
				return nil, err
			}
		}
		s.docs[typ.Name] = list
		for _, doc := range list {
			s.byID[identity{typ.Name, jsonvalue.Text(doc["id"])}] = doc
		}
	}
	for i, group := range s.docs[entity.ConsumerGroup.Name] {
		t.progress(work, len(types)+i, len(types)+len(s.docs[entity.ConsumerGroup.Name]))
		id := jsonvalue.Text(group["id"])
		path, err := t.at(entity.ConsumerGroup, id).Path()
		if err != nil {
			return nil, err
		}
		list, err := t.Client.ListPath(ctx, entity.Core, path+"/consumers", nil)
		if err != nil {
			return nil, err
		}
		for _, consumer := range list {
			s.members[membership{id, jsonvalue.Text(consumer["id"])}] = true
		}
	}
	return s, nil
}

// selected says whether an entity has all of the tags. One of a type without
// tags has those of what it belongs to.
func (s *state) selected(typ *entity.Type, doc map[string]any, tags []string) bool {
	if parent := parentOf(typ); len(tags) > 0 && !isTagged(typ) && parent.Target != "" {
		doc = s.byID[identity{parent.Target, idOf(doc[parent.Field])}]
	}
	return hasTags(doc, tags)
}

// dropFormer takes the older names of fields out of plugins: an answer repeats
// values under them, and a file has each once.
func (t *Target) dropFormer(ctx context.Context, list []map[string]any, schemas Schemas) error {
	known := map[string]*plugins.Plugin{}
	for i, doc := range list {
		name := jsonvalue.Text(doc["name"])
		p, ok := known[name]
		if !ok {
			var err error
			if p, err = schemas.Plugin(ctx, t, name); err != nil {
				return err
			}
			known[name] = p
		}
		if p != nil {
			list[i] = p.Schema.WithoutFormer(doc)
		}
	}
	return nil
}

// optional lists a collection that not every control plane has.
func (t *Target) optional(ctx context.Context, ref client.Ref) ([]map[string]any, error) {
	list, err := t.Client.List(ctx, ref, nil)
	if errors.Is(err, client.ErrNotFound) {
		return nil, nil
	}
	return list, err
}
