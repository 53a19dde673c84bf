// Package authoring tells people who write plugin schemas what is wrong with
// them: every mistake with its file, line, place inside the schema, Kong's
// message and, where one helps, a hint.
//
// [Checker.Source] judges a schema's text, [Checker.Path] a file or a plugin's
// directory as a control plane would take it, and [Checker.Config] a
// configuration against the schema. All of them give [finding.Finding] values, which
// the command line prints and the provider turns into diagnostics.
//
// The package knows nothing of Terraform, HTTP or of where its findings go.
package authoring

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// fault and regret make findings about a line of a file. A control plane
// refuses a fault; it accepts a regret, which is most likely a mistake.
func fault(file string, line int, message, hint string) finding.Finding {
	return finding.Finding{Severity: finding.Error, File: file, Line: line, Message: message, Hint: hint}
}

func regret(file string, line int, message, hint string) finding.Finding {
	f := fault(file, line, message, hint)
	f.Severity = finding.Warning
	return f
}

// counted is a path inside a schema with indexes from 1, as in Lua.
func counted(path schema.Path) schema.Path {
	out := path.Join()
	for i := range out {
		if !out[i].IsKey() {
			out[i].Index++
		}
	}
	return out
}

// Checker judges schemas. All fields except Streamed must be set.
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
func (c Checker) Source(ctx context.Context, file, source string) (*luaschema.Plugin, []finding.Finding) {
	p, err := luaschema.Load(ctx, source, c.Parent, c.Refs)
	if err != nil {
		return nil, inOrder(c.refused(file, source, err))
	}
	at := newLocator(source)
	var out []finding.Finding
	say := func(f func(string, int, string, string) finding.Finding, path schema.Path, message, hint string) {
		found := f(file, at.line(path), message, hint)
		found.Path = counted(path)
		out = append(out, found)
	}
	name := schema.Path{schema.Key("name")}
	switch {
	case c.Bundled(p.Name):
		say(fault, name, fmt.Sprintf("unique constraint failed: schema already exists for plugin '%s'", p.Name), "this is the name of a bundled plugin, give yours one of its own")
	case len(p.Name) > maxName || strings.Trim(p.Name, nameCharacters) != "":
		say(fault, name, fmt.Sprintf("'%s' is no plugin name that Konnect takes", p.Name), fmt.Sprintf("use letters, digits and '-', at most %d of them", maxName))
	}
	out = append(out, requires(file, p.Requires)...)
	if len(source) > usualSource && !c.Streamed {
		out = append(out, regret(file, 0, fmt.Sprintf("the schema has %d bytes", len(source)), fmt.Sprintf("some control planes take no more than %d", usualSource)))
	}
	for _, twice := range at.duplicates {
		out = append(out, regret(file, twice.Line(), fmt.Sprintf("'%s' stands twice in one table: the last one counts", twice.Value), "keep one of them, or give each a table of its own"))
	}
	review(p.Def, c.Parent, func(path schema.Path, message, hint string) { say(regret, path, message, hint) })
	if c.Streamed {
		for _, f := range judgedInSchema(p.Def, nil) {
			say(fault, f, "a streamed plugin must not validate with code of its own in its schema", "declare the rule, or check it in the handler")
		}
	}
	if mistakes, _ := finding.Count(out); mistakes > 0 {
		return nil, inOrder(out)
	}
	return p, inOrder(out)
}

// inOrder sorts findings by their lines, in which people read a file.
func inOrder(list []finding.Finding) []finding.Finding {
	slices.SortStableFunc(list, func(a, b finding.Finding) int { return cmp.Compare(a.Line, b.Line) })
	return list
}

const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

// requires warns of modules that not every control plane has, or none.
func requires(file string, required []luasyntax.Require) []finding.Finding {
	var out []finding.Finding
	known := luaschema.Modules()
	for _, r := range required {
		switch {
		case r.Module == "kong.db.schema.typedefs":
		case slices.Contains(known, r.Module):
			out = append(out, regret(file, r.Line, fmt.Sprintf("the schema requires '%s'", r.Module), "Konnect's documentation allows a schema no require; only kong.db.schema.typedefs is known to work everywhere"))
		default:
			out = append(out, regret(file, r.Line, fmt.Sprintf("the schema requires '%s', which fails when an uploaded schema comes to it", r.Module), luaschema.ModuleHint(r.Module)))
		}
	}
	return out
}

// refused turns the reason why a schema does not load into findings: one for
// each violation of the metaschema, at its full path.
func (c Checker) refused(file, source string, err error) []finding.Finding {
	var e *luaschema.Error
	if !errors.As(err, &e) {
		return []finding.Finding{fault(file, 0, err.Error(), "")}
	}
	at := newLocator(source)
	var out []finding.Finding
	if at.dated() {
		out = append(out, fault(file, at.line(nil), "the schema has the form from before Kong 1.0, which Kong 3 does not take", datedHint))
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
	out = append(out, fault(file, line, strings.TrimPrefix(e.Message, fmt.Sprintf("schema.lua:%d: ", e.Line)), e.Hint))
	// if the chunk stopped at one module, it would stop at the next ones too
	for _, f := range requires(file, at.requires) {
		if f.Line > e.Line {
			out = append(out, f)
		}
	}
	return out
}

// violations makes findings of the metaschema's violations. Two of Kong's rules
// report that something is no table; the second one says more.
func violations(file string, at locator, list []*schema.Violation) []finding.Finding {
	notTable := map[string]bool{}
	for _, v := range list {
		if strings.HasSuffix(v.Message, "must be a table") {
			notTable[v.Path.String()] = true
		}
	}
	var out []finding.Finding
	for _, v := range list {
		if v.Message == "expected a record" && notTable[v.Path.String()] {
			continue
		}
		f := fault(file, at.line(v.Path), v.Message, hintFor(v, at.text(v.Path)))
		f.Path = counted(v.Path)
		out = append(out, f)
	}
	return out
}

// misfit reports a schema that is good by itself and does not fit into the
// plugin entity: the message names the field.
func misfit(file string, at locator, e *luaschema.Error) finding.Finding {
	f := fault(file, at.line(nil), e.Message, e.Hint)
	var why *schema.Misfit
	if !errors.As(e, &why) {
		return f
	}
	if path := at.field(why.Field); path != nil {
		f.Line, f.Path = at.line(path), counted(path)
	}
	f.Hint = hintForMisfit(why)
	return f
}

// Config judges a configuration and returns it complete with its defaults.
// config is the value of the plugin's config, in the form of decoded JSON.
func (c Checker) Config(ctx context.Context, p *luaschema.Plugin, file string, config map[string]any) (map[string]any, []finding.Finding) {
	out, errs := p.Schema.Check(ctx, map[string]any{"name": p.Name, "config": config}, schema.Insert, schema.Auto{})
	if errs == nil {
		complete, _ := out["config"].(map[string]any)
		return complete, nil
	}
	var findings []finding.Finding
	for _, v := range errs.Violations() {
		path := v.Path
		if len(path) > 0 && path[0].Name == "config" {
			path = path[1:]
		}
		f := fault(file, 0, v.Message, hintForValue(v))
		f.Path = path
		findings = append(findings, f)
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
