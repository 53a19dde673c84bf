// Package authoring tells people who write plugin schemas what is wrong with
// them: every mistake with its file, line, place inside the schema, Kong's
// message and, where one helps, a hint.
//
// [Checker.Source] judges a schema's text, [Checker.Path] a file or a plugin's
// directory as a control plane would take it, and [Checker.Config] a
// configuration against the schema. All of them give [Finding] values, which
// the command line prints and the provider turns into diagnostics.
//
// The package knows nothing of Terraform, HTTP or of where its findings go.
package authoring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Severity says whether a finding makes the schema unusable.
type Severity string

// An error is refused by a control plane, a warning is accepted and regretted.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing to say about a schema.
type Finding struct {
	Severity Severity `json:"severity"`
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"` // from 1; 0 where none is known
	// Path is the place inside the schema, counted from 1 as Lua does:
	// fields[3].config.fields[2].ttl. For a configuration it is the place
	// inside of it, counted from 0 as the API does.
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// String renders a finding in the way of compilers.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	fmt.Fprintf(&b, ": %s: ", f.Severity)
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	b.WriteString(f.Message)
	if f.Hint != "" {
		b.WriteString("\n    hint: " + f.Hint)
	}
	return b.String()
}

// Checker judges schemas. Its fields must all be set, but for Streamed.
type Checker struct {
	Parent  *schema.Schema                     // the plugins entity
	Refs    func(entity string) *schema.Schema // entities that schemas may refer to
	Bundled func(name string) bool             // names that are taken
	// Streamed adds the rules of plugins whose code Konnect delivers.
	Streamed bool
}

// maxName is the length of the longest plugin name that Konnect takes.
const maxName = 128

// usualSource is the size up to which control planes are known to take a
// schema; some take more.
const usualSource = 8192

// Source judges the text of a schema. The plugin is nil when the schema cannot
// be used; then at least one finding is an error.
func (c Checker) Source(ctx context.Context, file, source string) (*luaschema.Plugin, []Finding) {
	p, err := luaschema.Load(ctx, source, c.Parent, c.Refs)
	if err != nil {
		return nil, c.refused(file, source, err)
	}
	at := newLocator(source)
	var out []Finding
	say := func(s Severity, path schema.Path, message, hint string) {
		out = append(out, Finding{s, file, at.line(path), path.Lua(), message, hint})
	}
	name := schema.Path{schema.Key("name")}
	switch {
	case c.Bundled(p.Name):
		say(Error, name, fmt.Sprintf("unique constraint failed: schema already exists for plugin '%s'", p.Name), "this is the name of a bundled plugin, give yours one of its own")
	case len(p.Name) > maxName || strings.Trim(p.Name, nameCharacters) != "":
		say(Error, name, fmt.Sprintf("'%s' is no plugin name that Konnect takes", p.Name), fmt.Sprintf("use letters, digits and '-', at most %d of them", maxName))
	}
	out = append(out, requires(file, p.Requires)...)
	if len(source) > usualSource {
		out = append(out, Finding{Warning, file, 0, "", fmt.Sprintf("the schema has %d bytes", len(source)), fmt.Sprintf("some control planes take no more than %d", usualSource)})
	}
	for _, twice := range at.duplicates() {
		out = append(out, Finding{Warning, file, twice.Line(), "", fmt.Sprintf("'%s' stands twice in one table: the last one counts", twice.Value), "keep one of them, or give each a table of its own"})
	}
	for _, w := range schema.Lint(p.Def, c.Parent) {
		say(Warning, w.Path, w.Message, w.Hint)
	}
	if c.Streamed {
		for _, f := range judgedInSchema(p.Def, nil) {
			say(Error, f, "a streamed plugin must not validate with code of its own in its schema", "declare the rule, or check it in the handler")
		}
	}
	if failed(out) {
		return nil, out
	}
	return p, out
}

const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

func failed(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity == Error {
			return true
		}
	}
	return false
}

// requires warns of modules that are not everywhere, or nowhere.
func requires(file string, required []luasyntax.Require) []Finding {
	var out []Finding
	known := luaschema.Modules()
	for _, r := range required {
		switch {
		case r.Module == "kong.db.schema.typedefs":
		case slices.Contains(known, r.Module):
			out = append(out, Finding{Warning, file, r.Line, "", fmt.Sprintf("the schema requires '%s'", r.Module), "Konnect documents kong.db.schema.typedefs as the only module that a schema may require"})
		default:
			out = append(out, Finding{Warning, file, r.Line, "", fmt.Sprintf("the schema requires '%s', which fails when an uploaded schema comes to it", r.Module), luaschema.ModuleHint(r.Module)})
		}
	}
	return out
}

// refused turns the reason why a schema does not load into findings: one for
// each violation of the metaschema, at its full path.
func (c Checker) refused(file, source string, err error) []Finding {
	var e *luaschema.Error
	if !errors.As(err, &e) {
		return []Finding{{Severity: Error, File: file, Message: err.Error()}}
	}
	at := newLocator(source)
	var out []Finding
	if at.dated() {
		out = append(out, Finding{Error, file, at.line(nil), "", "the schema has the form from before Kong 1.0, which Kong 3 does not take", datedHint})
	}
	switch {
	case e.Errors != nil:
		return append(out, violations(file, at, e.Errors.Violations())...)
	case e.Stage == luaschema.Subschema:
		return append(out, misfit(file, at, e))
	}
	line := e.Line
	if line == 0 {
		line = at.line(nil)
	}
	out = append(out, Finding{Error, file, line, "", strings.TrimPrefix(e.Message, fmt.Sprintf("schema.lua:%d: ", e.Line)), e.Hint})
	// where the chunk stopped at one module, the next ones would be as bad
	for _, f := range requires(file, at.requires) {
		if f.Line > e.Line {
			out = append(out, f)
		}
	}
	return out
}

// violations tells of those of the metaschema. What is no table is told by two
// of Kong's rules, of which the second one says more.
func violations(file string, at locator, list []*schema.Violation) []Finding {
	notTable := map[string]bool{}
	for _, v := range list {
		if strings.HasSuffix(v.Message, "must be a table") {
			notTable[v.Path.Lua()] = true
		}
	}
	var out []Finding
	for _, v := range list {
		path := v.Path.Lua()
		if v.Message == "expected a record" && notTable[path] {
			continue
		}
		out = append(out, Finding{Error, file, at.line(v.Path), path, v.Message, hintFor(v, at.text(v.Path))})
	}
	return out
}

// misfit tells of a schema that is good by itself but does not fit into the
// plugin entity: the message names the field.
func misfit(file string, at locator, e *luaschema.Error) Finding {
	f := Finding{Severity: Error, File: file, Line: at.line(nil), Message: e.Message, Hint: e.Hint}
	parts := strings.Split(e.Message, ": ")
	if len(parts) != 3 {
		return f
	}
	if path := at.field(parts[1]); path != nil {
		f.Line, f.Path = at.line(path), path.Lua()
	}
	f.Hint = hintForMisfit(parts[1], parts[2])
	return f
}

// Config judges a configuration and returns it complete with its defaults.
// config is the value of the plugin's config, in the form of decoded JSON.
func (c Checker) Config(ctx context.Context, p *luaschema.Plugin, file string, config map[string]any) (map[string]any, []Finding) {
	out, errs := p.Schema.Check(ctx, map[string]any{"name": p.Name, "config": config}, schema.Insert, schema.Auto{})
	if errs == nil {
		complete, _ := out["config"].(map[string]any)
		return complete, nil
	}
	var findings []Finding
	for _, v := range errs.Violations() {
		path := v.Path
		if len(path) > 0 && path[0].Name == "config" {
			path = path[1:]
		}
		findings = append(findings, Finding{Error, file, 0, path.String(), v.Message, hintForValue(v)})
	}
	return nil, findings
}

// judgedInSchema finds the functions that judge values.
func judgedInSchema(v any, at schema.Path) []schema.Path {
	var out []schema.Path
	step := func(s schema.Step, e any) {
		out = append(out, judgedInSchema(e, append(append(schema.Path(nil), at...), s))...)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sorted(v) {
			fn, isCode := v[k].(*schema.Function)
			if isCode && (k == "custom_validator" || k == "fn" || k == "check") && !strings.HasPrefix(fn.Name, "typedefs.") {
				out = append(out, append(append(schema.Path(nil), at...), schema.Key(k)))
				continue
			}
			step(schema.Key(k), v[k])
		}
	case []any:
		for i, e := range v {
			step(schema.At(i), e)
		}
	}
	return out
}
