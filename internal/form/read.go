package form

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Read makes a document of what a form of these fields sent. What has no value of
// its field's type is there as the text that was sent, for the schema to refuse;
// faults are what no schema would notice.
func Read(fields []*schema.Field, sent url.Values) (doc map[string]any, faults []Fault) {
	r := &reader{sent: sent, left: MostValues, add: sent.Get(Add), remove: sent.Get(Remove)}
	doc = map[string]any{}
	for _, f := range fields {
		if v := r.value(f, schema.Path{schema.Key(f.Name)}, root+f.Name); v != nil {
			doc[f.Name] = v
		}
	}
	return doc, r.faults
}

// reader reads one form.
type reader struct {
	sent        url.Values
	add, remove string
	left        int // how many values may be read
	faults      []Fault
}

func (r *reader) fault(at schema.Path, format string, args ...any) {
	r.faults = append(r.faults, Fault{at, fmt.Sprintf(format, args...)})
}

// value reads that of a field; nil if it is not given.
func (r *reader) value(f *schema.Field, at schema.Path, name string) any {
	if r.left--; r.left < 0 {
		if r.left == -1 {
			r.fault(nil, "the form has more than %d values; what follows %s was not read", MostValues, at)
		}
		return nil
	}
	if text := r.text(name + asJSON); text != "" {
		return r.json(at, text)
	}
	switch f.Type {
	case schema.Record:
		return r.record(f, at, name)
	case schema.Array, schema.Set:
		return r.list(f, at, name)
	case schema.Map:
		return r.entries(f, at, name)
	case schema.Foreign:
		if id := r.text(name); id != "" {
			return map[string]any{"id": id}
		}
		return nil
	}
	return scalar(f, r.text(name))
}

// text returns a value as it was written.
func (r *reader) text(name string) string { return written(r.sent.Get(name)) }

// written is a text without what a browser makes of it. One line has no end: who
// writes it may have pressed a key too many.
func written(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")
	if line := strings.Trim(text, "\n"); !strings.Contains(line, "\n") {
		return line
	}
	return text
}

// scalar is the value that a text stands for.
func scalar(f *schema.Field, text string) any {
	switch {
	case text == "":
		return nil
	case f.Type == schema.Boolean && (text == "true" || text == "false"):
		return text == "true"
	case f.Type == schema.Integer, f.Type == schema.NumberType:
		if number := strings.TrimSpace(text); isNumber(number) {
			return json.Number(number)
		}
	}
	return text
}

func isNumber(text string) bool {
	v, err := jsonvalue.Parse(text, 0)
	_, is := v.(json.Number)
	return err == nil && is
}

func (r *reader) json(at schema.Path, text string) any {
	v, err := jsonvalue.Parse(text, jsonvalue.MaxDepth)
	if err != nil {
		r.fault(at, "this is not valid JSON: %s", err)
		return text
	}
	return v
}

func (r *reader) record(f *schema.Field, at schema.Path, name string) any {
	out := map[string]any{}
	if f.Record == nil {
		return nil
	}
	for _, member := range f.Record.Fields {
		if v := r.value(member, at.Join(schema.Key(member.Name)), name+"."+member.Name); v != nil {
			out[member.Name] = v
		}
	}
	if text := r.text(name + asOthers); text != "" {
		others, ok := r.json(at, text).(map[string]any)
		if !ok && len(r.faults) == 0 {
			r.fault(at, "the other fields are no object of JSON")
		}
		for name, v := range others {
			if f.Record.Field(name) == nil {
				out[name] = v
			}
		}
	}
	if len(out) == 0 && r.text(name+asGiven) == "" {
		return nil
	}
	return out
}

// rows calls visit with the name of each element that was sent and does not go, and
// with that of a new one.
func (r *reader) rows(name string, visit func(name string, isNew bool)) {
	count, _ := strconv.Atoi(r.sent.Get(name + asCount)) // none, if it is no number
	count = min(max(count, 0), MostRows+1)
	for i := range count {
		if r.remove != row(name, i) {
			visit(row(name, i), false)
		}
	}
	if r.add == name && count < MostRows {
		visit(row(name, count), true)
	}
}

func (r *reader) list(f *schema.Field, at schema.Path, name string) any {
	var out []any
	if isChoices(f) {
		for _, text := range r.sent[name+asSet] {
			if text := written(text); text != "" && !slices.Contains(out, any(text)) {
				out = append(out, text)
			}
		}
	} else if f.Elements != nil {
		r.rows(name, func(name string, isNew bool) {
			v := r.value(f.Elements, at.Join(schema.At(len(out))), name)
			if v == nil && (isStructured(f.Elements) || isNew) {
				v = empty(f.Elements)
			}
			if v != nil {
				out = append(out, v)
			}
		})
	}
	if out == nil {
		return nil
	}
	return out
}

// empty is an element that somebody is about to fill.
func empty(f *schema.Field) any {
	if f.Type == schema.Array || f.Type == schema.Set {
		return []any{}
	}
	return map[string]any{}
}

func (r *reader) entries(f *schema.Field, at schema.Path, name string) any {
	out := map[string]any{}
	if f.Values == nil {
		return nil
	}
	r.rows(name, func(name string, isNew bool) {
		key := r.text(name + asKey)
		below := at // no step leads to an entry without a name
		if key != "" {
			below = at.Join(schema.Key(key))
		}
		v := r.value(f.Values, below, name)
		switch _, twice := out[key]; {
		case v == nil && key == "" && !isNew:
			return
		case twice:
			r.fault(below, "two entries have the name %q; the first counts", key)
			return
		case v == nil && isStructured(f.Values):
			v = empty(f.Values)
		case v == nil:
			v = ""
		}
		if key == "" && !isNew {
			r.fault(below, "this entry has no name")
		}
		out[key] = v
	})
	if len(out) == 0 {
		return nil
	}
	return out
}
