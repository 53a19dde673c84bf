package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// pluginSchema is the upload of a custom plugin's schema.lua. The Lua text is
// run here, so that its name is known when a plan is made and everything that
// Konnect asks of it is checked; the result is noted for the plugins of the
// same configuration.
type pluginSchema struct{ regular }

func (p pluginSchema) judge(ctx context.Context, s *session, in subject) verdict {
	v := verdict{schema: p.typ.Schema(), document: in.document()}
	source, known := v.document["lua_schema"].(string)
	if !known {
		if v.document["lua_schema"] != nil {
			v.document["name"] = schema.Unknown
		}
		return v
	}
	found, err := loadLua(ctx, source)
	if err != nil {
		v.problems = p.faults(in, err)
		return v
	}
	v.document["name"] = found.Name
	if _, taken := s.bundled.Lookup(found.Name); taken {
		v.problems = diagnostics{failure(attributePath("lua_schema"), p.invalid(), fmt.Sprintf(
			"name: %q is the name of a bundled plugin. Give the plugin a name of its own.", found.Name))}
		return v
	}
	s.schemas.register(in.get("control_plane_id"), source, found)
	return v
}

func (p pluginSchema) invalid() string { return "Invalid " + p.typ.Title }

// faults tells what is wrong with a schema.lua, all of it.
func (p pluginSchema) faults(in subject, err error) (diags diagnostics) {
	at := attributePath("lua_schema")
	var e *luaschema.Error
	if !errors.As(err, &e) {
		return diagnostics{failure(at, p.invalid(), sentence(err.Error()))}
	}
	for _, v := range e.Errors.Violations() {
		r := report{locator: locator{root: in.root, config: in.value}}
		diags = append(diags, failure(at, p.invalid(), "The definition breaks a rule of Kong's schema language: "+r.text(v)))
	}
	if len(diags) == 0 {
		diags = diagnostics{failure(at, p.invalid(), sentence(e.Error()))}
	}
	return diags
}

func (p pluginSchema) create(ctx context.Context, s *session, w write) (map[string]any, error) {
	delete(w.doc, "name") // it stands in the text
	return p.regular.create(ctx, s, w)
}

// update replaces the text under the same name. A text that was not known when
// the plan was made may turn out to carry another name; then it is another
// schema, and only a new plan can say so.
func (p pluginSchema) update(ctx context.Context, s *session, w write) (map[string]any, error) {
	ref := w.ref(p.typ)
	ref.Key = w.key
	if name, _ := w.doc["name"].(string); name != w.key {
		return nil, fmt.Errorf("lua_schema now names the plugin %q where it was %q before, which was not known when the plan was made; "+
			"plan again to replace the schema", name, w.key)
	}
	api, err := s.client()
	if err != nil {
		return nil, err
	}
	if _, err := api.Get(ctx, ref); err != nil {
		if errors.Is(err, client.ErrNotFound) {
			return nil, errVanished
		}
		return nil, err
	}
	return api.Put(ctx, ref, map[string]any{"lua_schema": w.doc["lua_schema"]})
}
