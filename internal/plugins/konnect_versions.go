package plugins

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// versions judges what the data planes do not have yet, or no longer have, and
// what a control plane changes for them. These are warnings only: the user may
// want just this.
func (j *judgement) versions(ask dataplane.Ask) {
	rules, _ := j.KonnectRules()
	since := j.Since
	if konnects := rules.Since[""]; konnects != "" && j.Plugin.Source == "" {
		since = konnects
	}
	switch oldest := ask().Oldest; {
	case oldest.IsZero():
	case oldest.Precedes(since):
		j.add(finding.Warning, schema.Dotted("name"), "", "the plugin %q is there from version %s on; the data planes may be of version %s.", j.Plugin.Name, since, oldest)
	case oldest.Follows(j.Last):
		j.add(finding.Warning, schema.Dotted("name"), instead[j.Plugin.Origin()], "version %s was the last with the plugin %q; the data planes are of version %s or newer.", j.Last, j.Plugin.Name, oldest)
	default:
		absent := func(r dataplane.Rewrite) bool {
			return r.Does == dataplane.RewriteSet && oldest.Precedes(j.History[r.At[0]].Since)
		}
		rewrites := slices.DeleteFunc(slices.Clone(rules.Rewrites), absent)
		rewritten := dataplane.JudgeRewrites(j.document(), rewrites, ask)
		if j.found = append(j.found, Findings(rewritten.Found)...); rewritten.Final {
			return
		}
		w := versionWalk{judgement: j, oldest: oldest, since: rules.Since, rewritten: rewritten.At, variants: j.variants(), ends: []int{0}}
		j.Plugin.Schema.Walk(j.Written, w.visit)
		w.defaults()
	}
}

// variants are the places of records in lists whose history depends on the
// kind of the record: "a[]", if the history speaks of "a[](kind).b". The history
// does not tell which field decides the kind, so these are not judged.
func (j *judgement) variants() map[string]bool {
	var out map[string]bool
	for place := range j.History {
		if i := strings.IndexByte(place, '('); i >= 0 {
			if out == nil {
				out = map[string]bool{}
			}
			out[place[:i]] = true
		}
	}
	return out
}

// versionWalk judges each written value by the history of its place.
type versionWalk struct {
	*judgement

	oldest    dataplane.Version
	since     map[string]string // where Konnect differs from the history
	rewritten []schema.Path     // of which more is known than the history
	variants  map[string]bool
	place     []byte // of the value at hand, as the history writes it
	ends      []int  // where place ends, for each length of the path
}

// visit judges a value, and reports whether to judge what is in it.
func (w *versionWalk) visit(c *schema.Cursor) bool {
	if len(c.Path) == 0 {
		return true
	}
	if c.Value == nil || schema.IsUnknown(c.Value) || c.Field == nil || c.Field.Func != nil {
		return false
	}
	w.enter(c)
	if w.variants[string(w.place)] {
		return false
	}
	h, told := w.History[string(w.place)], w.told(c.Path)
	if konnects, differs := w.since[string(w.place)]; differs {
		h.Since, h.SincePatch = konnects, ""
	}
	if told == nil && w.missing(h, c.Path) || len(told) == len(c.Path) && told != nil {
		return false
	}
	w.value(h, c.Value, c.Path)
	return true
}

// told is a place at or below a path of which a rewrite has told already what
// becomes of it.
func (w *versionWalk) told(path schema.Path) schema.Path {
	for _, p := range w.rewritten {
		if len(p) >= len(path) && slices.Equal(p[:len(path)], path) {
			return p
		}
	}
	return nil
}

// enter makes place that of the cursor.
func (w *versionWalk) enter(c *schema.Cursor) {
	depth := len(c.Path)
	w.place = w.place[:w.ends[depth-1]]
	switch step := c.Path[depth-1]; {
	case !step.IsKey():
		w.place = append(w.place, "[]"...)
	case c.Parent == nil:
		w.place = append(w.place, "{}"...)
	default:
		if depth > 1 {
			w.place = append(w.place, '.')
		}
		w.place = append(w.place, step.Name...)
	}
	w.ends = append(w.ends[:depth], len(w.place))
}

// missing judges whether the oldest data planes have the field.
func (w *versionWalk) missing(h History, path schema.Path) bool {
	switch oldest := w.oldest; {
	case oldest.Precedes(h.Since):
		w.add(finding.Warning, path.Join(), "", "the field is there from version %s on; the data planes may be of version %s.", h.Since, oldest)
	case slices.Contains(h.Absent, oldest.String()):
		w.add(finding.Warning, path.Join(), "", "version %s, of which the data planes may be, does not have the field, though older and newer ones do.", oldest)
	case h.ShorthandSince == "" && oldest.Follows(h.Until):
		w.add(finding.Warning, path.Join(), "", "version %s was the last with the field; the data planes are of version %s or newer.", h.Until, oldest)
	default:
		return false
	}
	return true
}

// value judges whether the oldest data planes know the value.
func (w *versionWalk) value(h History, v any, path schema.Path) {
	for _, c := range h.EnumChanges {
		if w.oldest.Precedes(c.Since) && among(c.Added, v) {
			w.add(finding.Warning, path.Join(), "", "the value %s is there from version %s on; the data planes may be of version %s.", shown(v), c.Since, w.oldest)
			return
		}
		if !w.oldest.Precedes(c.Since) && among(c.Removed, v) {
			w.add(finding.Warning, path.Join(), "", "the value %s is gone since version %s; the data planes are of version %s or newer.", shown(v), c.Since, w.oldest)
			return
		}
	}
}

// defaults judges fields that are left to their default, where that changed
// later. It leaves out those of records that are not written: they are not in
// use; and those that have no default any more: nothing could be written that
// says so.
func (w *versionWalk) defaults() {
	var changed []string
	for place, h := range w.History {
		if len(h.DefaultChanges) > 0 && !strings.ContainsAny(place, "[{(") && w.leftOut(place) {
			changed = append(changed, place)
		}
	}
	slices.Sort(changed)
	for _, place := range changed {
		for _, c := range w.History[place].DefaultChanges {
			if c.To == nil || !w.oldest.Precedes(c.Since) || !schema.Equal(schema.Dotted(place).Get(w.Completed), c.To) {
				continue
			}
			w.add(finding.Warning, schema.Dotted(place), "Write the value that is meant.",
				"left out, it is %s, the default from version %s on; before, as in version %s of the data planes, it was %s.", shown(c.To), c.Since, w.oldest, shown(c.From))
			break
		}
	}
}

// leftOut reports whether a field that the oldest data planes have is left out
// of a record that is written.
func (w *versionWalk) leftOut(place string) bool {
	i := strings.LastIndexByte(place, '.')
	if i < 0 || w.Completed == nil || w.oldest.Precedes(w.History[place].Since) {
		return false
	}
	_, written := schema.Dotted(place[:i]).Get(w.Written).(map[string]any)
	return written && schema.Dotted(place).Get(w.Written) == nil
}

func among(list []any, v any) bool {
	return slices.ContainsFunc(list, func(e any) bool { return schema.Equal(e, v) })
}

// shown renders a value from the facts.
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
