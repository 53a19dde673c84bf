package plugins

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// versions judges what the oldest data planes do not have yet, or not any
// more. All of it is a warning: a control plane leaves out what a data plane
// does not know, which may or may not be what the user wants.
func (j *judgement) versions() {
	switch oldest := j.Minimum; {
	case oldest.IsZero():
	case oldest.before(j.Since):
		j.add(finding.Warning, schema.Dotted("name"), "", "the plugin %q is there from version %s on; the data planes may be of version %s.", j.Plugin.Name, j.Since, oldest)
	case oldest.after(j.Last):
		j.add(finding.Warning, schema.Dotted("name"), instead[j.Plugin.Name], "version %s was the last with the plugin %q; the data planes are of version %s or newer.", j.Last, j.Plugin.Name, oldest)
	default:
		w := versionWalk{judgement: j, variants: j.variants()}
		for _, name := range slices.Sorted(maps.Keys(j.Written)) {
			if f := j.Plugin.Schema.Field(name); f != nil {
				w.field(f, j.Written[name], schema.Path{schema.Key(name)}, name)
			}
		}
		w.defaults()
	}
}

// variants are the places in the history that hold for one kind of a typed
// node only, "a[](kind).b", by the place without the kind. With no word on
// which kind it is they are not judged.
func (j *judgement) variants() map[string]bool {
	out := map[string]bool{}
	for place := range j.History {
		if i := strings.IndexByte(place, '('); i >= 0 {
			out[place[:i]] = true
		}
	}
	return out
}

// versionWalk goes through what is written beside the history of its places.
type versionWalk struct {
	*judgement
	variants map[string]bool
}

// field judges a value; place is its place in the history.
func (w *versionWalk) field(f *schema.Field, v any, path schema.Path, place string) {
	if v == nil || schema.IsUnknown(v) || w.variants[place] {
		return
	}
	h, listed := w.History[place]
	if listed && w.missing(h, path) {
		return
	}
	w.value(h, v, path)
	switch v := v.(type) {
	case map[string]any:
		w.members(f, v, path, place)
	case []any:
		if f.Elements == nil {
			return
		}
		for i, e := range v {
			w.field(f.Elements, e, path.Join(schema.At(i)), place+"[]")
		}
	}
}

func (w *versionWalk) members(f *schema.Field, v map[string]any, path schema.Path, place string) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		here := path.Join(schema.Key(name))
		switch {
		case f.Record != nil:
			if child := f.Record.Field(name); child != nil {
				w.field(child, v[name], here, place+"."+name)
			}
		case f.Values != nil:
			w.field(f.Values, v[name], here, place+"{}")
		}
	}
}

// missing judges whether the oldest data planes have the field.
func (w *versionWalk) missing(h History, path schema.Path) bool {
	switch oldest := w.Minimum; {
	case oldest.before(h.Since):
		w.add(finding.Warning, path, "", "the field is there from version %s on; the data planes may be of version %s.", h.Since, oldest)
	case slices.Contains(h.Absent, oldest.String()):
		w.add(finding.Warning, path, "", "version %s, of which the data planes may be, does not have the field, though older and newer ones do.", oldest)
	case h.ShorthandSince == "" && oldest.after(h.Until):
		w.add(finding.Warning, path, "", "version %s was the last with the field; the data planes are of version %s or newer.", h.Until, oldest)
	default:
		return false
	}
	return true
}

// value judges whether the oldest data planes know the value.
func (w *versionWalk) value(h History, v any, path schema.Path) {
	for _, c := range h.EnumChanges {
		if w.Minimum.before(c.Since) && among(c.Added, v) {
			w.add(finding.Warning, path, "", "the value %s is there from version %s on; the data planes may be of version %s.", shown(v), c.Since, w.Minimum)
			return
		}
		if !w.Minimum.before(c.Since) && among(c.Removed, v) {
			w.add(finding.Warning, path, "", "the value %s is gone since version %s; the data planes are of version %s or newer.", shown(v), c.Since, w.Minimum)
			return
		}
	}
}

// defaults judges what is left to a default that changed later. Where not even
// the record around it is written, the part is not in use.
func (w *versionWalk) defaults() {
	for _, place := range slices.Sorted(maps.Keys(w.History)) {
		if strings.ContainsAny(place, "[{(") || !w.leftOut(place) {
			continue
		}
		for _, c := range w.History[place].DefaultChanges {
			if !w.Minimum.before(c.Since) || !schema.Equal(schema.Dotted(place).Get(w.Completed), c.To) {
				continue
			}
			w.add(finding.Warning, schema.Dotted(place), "Write the value that is meant.",
				"left out, it is %s, the default from version %s on; before, as in version %s of the data planes, it was %s.", shown(c.To), c.Since, w.Minimum, shown(c.From))
			break
		}
	}
}

// leftOut reports whether a field that the oldest data planes have is left out
// of a record that is written.
func (w *versionWalk) leftOut(place string) bool {
	i := strings.LastIndexByte(place, '.')
	if i < 0 || w.Completed == nil || w.Minimum.before(w.History[place].Since) {
		return false
	}
	_, written := schema.Dotted(place[:i]).Get(w.Written).(map[string]any)
	return written && schema.Dotted(place).Get(w.Written) == nil
}

func among(list []any, v any) bool {
	return slices.ContainsFunc(list, func(e any) bool { return schema.Equal(e, v) })
}

// shown renders a value of the facts.
func shown(v any) string {
	if v == nil {
		return "not set"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
