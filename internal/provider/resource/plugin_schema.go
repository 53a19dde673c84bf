package resource

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/authoring"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// pluginSchema is the upload of a custom plugin's schema.lua. The Lua text is
// run here: then a plan knows the name in it, and everything that Konnect asks
// of a schema is checked. The session keeps the schema for the plugins of the
// same configuration.
type pluginSchema struct{ regular }

func (p pluginSchema) judge(ctx context.Context, s *session.Session, in subject) candidate {
	c := candidate{subject: in, schema: p.typ.Schema(), doc: in.document()}
	source, known := c.doc["lua_schema"].(string)
	if !known {
		if c.doc["lua_schema"] != nil {
			c.doc["name"] = schema.Unknown
		}
		return c
	}
	found, findings := checker(s).Source(ctx, wording.SchemaFile, source)
	c.problems = findingDiagnostics("lua_schema", findings)
	if found == nil {
		return c
	}
	c.doc["name"] = found.Name
	s.NoteUpload(in.get("control_plane_id"), source, found)
	return c
}

// checker judges Lua texts as those of plugins.
func checker(s *session.Session) authoring.Checker {
	return authoring.Checker{Parent: entity.Plugin.Schema(), Refs: entity.Schemas, Bundled: func(name string) bool {
		_, taken := s.Bundled.Lookup(name)
		return taken
	}}
}

// findingDiagnostics turns what there is to say about the Lua text in an attribute
// into diagnostics.
func findingDiagnostics(name string, findings []finding.Finding) report.Diagnostics {
	out := make(report.Diagnostics, 0, len(findings))
	for _, f := range findings {
		at, what := report.AttributePath(name), strings.TrimPrefix(name, "lua_")
		if f.Severity == finding.Warning {
			out = append(out, report.Warning(at, "Questionable custom plugin "+what, findingText(f)))
		} else {
			out = append(out, report.Failure(at, "Invalid custom plugin "+what, findingText(f)))
		}
	}
	return out
}

func findingText(f finding.Finding) string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	b.WriteString(": ")
	if len(f.Path) > 0 {
		b.WriteString(f.Path.String() + ": ")
	}
	b.WriteString(wording.Sentence(f.Message))
	if f.Hint != "" {
		b.WriteString("\n\nHint: " + wording.Sentence(f.Hint))
	}
	return b.String()
}

func (p pluginSchema) create(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	delete(w.body, "name") // it stands in the text
	return p.regular.create(ctx, s, w)
}

// update replaces the text under the same name. If the text was not known when
// the plan was made, it may have another name. Then it is another schema, which
// needs a new plan.
func (p pluginSchema) update(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	ref := w.ref(p.typ)
	ref.Key = w.key
	if name, _ := w.body["name"].(string); name != w.key {
		return nil, fmt.Errorf("lua_schema now names the plugin %q where it was %q before, which was not known when the plan was made; "+
			"plan again to replace the schema", name, w.key)
	}
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	if _, err := api.Get(ctx, ref); err != nil {
		if errors.Is(err, client.ErrNotFound) {
			return nil, errVanished
		}
		return nil, err
	}
	return api.Put(ctx, ref, map[string]any{"lua_schema": w.body["lua_schema"]})
}
