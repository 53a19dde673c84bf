package form

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Options say what a form tells beyond its fields.
type Options struct {
	// About says what a field means; it may be nil.
	About func(schema.Path, *schema.Field) string
	// Faults are what is wrong, by path.
	Faults map[string][]string
}

// New returns the controls of fields, with the values that a document has.
func New(fields []*schema.Field, doc map[string]any, o Options) []*Control {
	b := &builder{Options: o, left: MostControls}
	var out []*Control
	for _, f := range fields {
		out = append(out, b.control(f, schema.Path{schema.Key(f.Name)}, root+f.Name, doc[f.Name]))
	}
	return out
}

// builder makes the controls of one form.
type builder struct {
	Options

	left int // how many there may be
}

// control makes that of a field.
func (b *builder) control(f *schema.Field, at schema.Path, name string, v any) *Control {
	b.left--
	c := &Control{Name: name, Path: at, Label: label(at), Field: f, Given: v != nil, Faults: b.Faults[at.String()], Secret: document.IsSecret(f), Kind: JSON}
	if b.About != nil {
		c.About = b.About(at, f)
	}
	if f.HasDefault && f.Record == nil {
		c.Default = jsonvalue.Shown(f.Default)
	}
	if b.left > 0 {
		c.Kind = kindFor(f, v)
	}
	b.fill(c, v)
	return c
}

// fill gives a control its value.
func (b *builder) fill(c *Control, v any) {
	switch c.Kind {
	case Record:
		b.record(c, v)
	case List:
		b.list(c, v)
	case Map:
		b.entries(c, v)
	case Choices:
		list, _ := v.([]any)
		c.Options = options(oneOf(c.Field.Elements), list...)
	case Choice:
		c.Value = jsonvalue.Shown(v)
		c.Options = options(oneOf(c.Field), v)
	case Truth:
		c.Value, c.Options = jsonvalue.Shown(v), options([]string{"true", "false"}, v)
	case Reference:
		ref, _ := v.(map[string]any)
		c.Value = jsonvalue.Shown(ref["id"])
	case JSON:
		c.Value = b.json(c, v)
	default:
		c.Value = jsonvalue.Shown(v)
	}
}

// json is a value as JSON; a text that is at fault as it was sent.
func (b *builder) json(c *Control, v any) string {
	if text, ok := v.(string); ok && len(c.Faults) > 0 {
		return text
	}
	if v == nil {
		return ""
	}
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(out)
}

// record makes controls of all members, and one of those that the schema does not know.
func (b *builder) record(c *Control, v any) {
	held, _ := v.(map[string]any)
	for _, f := range c.Field.Record.Fields {
		c.Parts = append(c.Parts, b.control(f, c.Path.Join(schema.Key(f.Name)), c.Name+"."+f.Name, held[f.Name]))
	}
	others := map[string]any{}
	for name, v := range held {
		if c.Field.Record.Field(name) == nil {
			others[name] = v
		}
	}
	if len(others) > 0 {
		other := &Control{Kind: JSON, Name: c.Name + asOthers, Path: c.Path, Label: "other fields", Given: true}
		other.Value = b.json(other, others)
		c.Parts = append(c.Parts, other)
	}
}

// list makes rows of the elements, and one for a new one where that costs nothing.
func (b *builder) list(c *Control, v any) {
	held, _ := v.([]any)
	for i, e := range held {
		c.Parts = append(c.Parts, b.row(c, i, schema.At(i), e))
	}
	c.Extends = isStructured(c.Field.Elements)
	if !c.Extends && len(held) < MostRows {
		c.Parts = append(c.Parts, b.row(c, len(held), schema.At(len(held)), nil))
	}
}

// entries makes rows of the entries of a map.
func (b *builder) entries(c *Control, v any) {
	held, _ := v.(map[string]any)
	keys := slices.Sorted(maps.Keys(held))
	c.Extends = isStructured(c.Field.Values)
	if !c.Extends && len(held) < MostRows {
		keys = append(keys, "")
	}
	for i, key := range keys {
		part := b.row(c, i, schema.Key(key), held[key])
		part.Key = &key
		c.Parts = append(c.Parts, part)
	}
}

func (b *builder) row(c *Control, i int, step schema.Step, v any) *Control {
	below := c.Field.Elements
	if c.Kind == Map {
		below = c.Field.Values
	}
	isThere := v != nil
	if v == "" && c.Kind == Map {
		v = nil // an entry with a name and an empty text
	}
	part := b.control(below, c.Path.Join(step), row(c.Name, i), v)
	part.Row, part.Secret, part.About = isThere, part.Secret || c.Secret, ""
	return part
}

// kindFor is the kind of control that can show a value of a field.
func kindFor(f *schema.Field, v any) Kind {
	switch f.Type {
	case schema.Record:
		if held, ok := v.(map[string]any); f.Record != nil && (v == nil || ok && !hasUnsaid(held)) {
			return Record
		}
	case schema.Array, schema.Set:
		return listKind(f, v)
	case schema.Map:
		if held, ok := v.(map[string]any); f.Values != nil && (v == nil || ok && areEntries(f, held)) {
			return Map
		}
	case schema.Foreign:
		if ref, ok := v.(map[string]any); v == nil || ok && len(ref) == 1 && isWritten(ref["id"]) {
			return Reference
		}
	case schema.Boolean:
		if _, ok := v.(bool); v == nil || ok {
			return Truth
		}
	case schema.Integer, schema.NumberType:
		if _, ok := v.(json.Number); v == nil || ok || isWritten(v) && !isNumber(jsonvalue.Shown(v)) {
			return Number
		}
	case schema.String:
		switch {
		case v != nil && !isWritten(v):
		case len(oneOf(f)) > 0:
			return Choice
		default:
			return Text
		}
	}
	return JSON
}

func listKind(f *schema.Field, v any) Kind {
	held, ok := v.([]any)
	switch {
	case f.Elements == nil, v != nil && !ok, ok && (len(held) == 0 || len(held) > MostRows), slices.Contains(held, nil):
		return JSON
	case isChoices(f):
		for i, e := range held {
			if !isWritten(e) || slices.Contains(held[:i], e) {
				return JSON
			}
		}
		return Choices
	}
	for _, e := range held {
		if !isStructured(f.Elements) && kindFor(f.Elements, e) == JSON && f.Elements.Type != schema.JSON {
			return JSON
		}
	}
	return List
}

// isWritten reports whether a value is a text that a control gives back as it is.
func isWritten(v any) bool {
	text, ok := v.(string)
	return ok && text != "" && text == written(text)
}

// hasUnsaid reports whether a record has a null: no control says that.
func hasUnsaid(held map[string]any) bool {
	for _, v := range held {
		if v == nil {
			return true
		}
	}
	return false
}

// areEntries reports whether rows can show a map. One of records may have an entry
// that has no name yet.
func areEntries(f *schema.Field, held map[string]any) bool {
	for key := range held {
		if !isWritten(key) && (key != "" || !isStructured(f.Values)) {
			return false
		}
	}
	return len(held) > 0 && len(held) <= MostRows && !hasUnsaid(held)
}

// options are those of a choice; what is chosen is one of them, whatever the schema allows.
func options(allowed []string, chosen ...any) (out []Option) {
	var texts []string
	for _, v := range chosen {
		if v != nil {
			texts = append(texts, jsonvalue.Shown(v))
		}
	}
	for _, text := range allowed {
		out = append(out, Option{text, slices.Contains(texts, text)})
	}
	for _, text := range texts {
		if !slices.Contains(allowed, text) {
			out = append(out, Option{text, true})
		}
	}
	return out
}

// label is the last name in a path, with the number of an element.
func label(at schema.Path) string {
	last := at[len(at)-1]
	if last.IsKey() {
		return last.Name
	}
	return fmt.Sprintf("%d", last.Index+1)
}
