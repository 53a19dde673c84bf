package dataplane

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Rewrite is a change that a control plane makes to a configuration for data
// planes of some versions. A version names a patch where that matters: 3.4.1.
type Rewrite struct {
	ID      string   `json:"id"`      // what Konnect calls it
	Before  string   `json:"before"`  // for data planes that are older, or ""
	From    string   `json:"from"`    // for data planes of this version on, or ""
	Patches []string `json:"patches"` // patches of older versions that do not need it

	// At are the fields that it changes, each by itself. None is the whole
	// document.
	At        []string `json:"at"`
	Values    []any    `json:"values"`    // only for one of these values; null is a field that is left out
	Reference bool     `json:"reference"` // only for a reference to a vault
	Longer    int      `json:"longer"`    // only for more characters, or elements
	Holds     string   `json:"holds"`     // only for texts with this in them
	If        Where    `json:"if"`
	Unless    Where    `json:"unless"`
	Only      string   `json:"only"` // a condition that no document tells: not judged

	Does RewriteAction `json:"does"`
	To   any           `json:"to"`   // the value that is set, or the path that it is moved to
	Note string        `json:"note"` // what else happens
}

// RewriteAction says what happens to a field.
type RewriteAction string

// The kinds of rewrites.
const (
	RewriteSet         RewriteAction = "set"
	RewriteMove        RewriteAction = "move"
	RewriteDrop        RewriteAction = "drop"
	RewriteDropValue   RewriteAction = "drop_value"   // of a list
	RewriteDropElement RewriteAction = "drop_element" // the one that the field is in
	RewriteDropPlugin  RewriteAction = "drop_plugin"
	RewriteDropEntity  RewriteAction = "drop_entity"
	RewriteIgnore      RewriteAction = "ignore"   // it is sent, and the data plane cannot use it
	RewriteWithhold    RewriteAction = "withhold" // nothing is sent at all
	RewriteBreak       RewriteAction = "break"    // it is sent, and the data plane refuses it
)

// Outcome is what becomes of a document on its way to older data planes.
type Outcome struct {
	Found []finding.Finding
	At    []schema.Path // the places that it concerns
	Final bool          // nothing else of the document matters then
}

// JudgeRewrites says what control planes change for data planes of these
// versions. It says nothing where versions are not known, nor of old names of
// fields on the way to newer data planes: they mean the same.
func JudgeRewrites(doc Document, rewrites []Rewrite, ask Ask) (out Outcome) {
	changes := changed(doc.Written, rewrites, ask)
	out.Final = slices.ContainsFunc(changes, change.final)
	for _, c := range changes {
		if out.Final && !c.final() {
			continue
		}
		out.Found = append(out.Found, warning(c.places[0].path, c.text(ask()), ""))
		for _, p := range c.places {
			out.At = append(out.At, p.path)
		}
	}
	return out
}

// change is what one message of Konnect's says of a document.
type change struct {
	*Rewrite

	places []place
	moved  []string // for each place its new name, where it has one
}

func changed(doc map[string]any, rewrites []Rewrite, ask Ask) (out []change) {
	for i := range rewrites {
		r := &rewrites[i]
		if r.Only != "" || r.Before == "" && r.Does == RewriteMove {
			continue
		}
		at := r.matches(doc)
		if len(at) == 0 || !r.concerns(ask()) {
			continue
		}
		for _, p := range at {
			to, _ := r.To.(string)
			if n := len(out) - 1; n >= 0 && out[n].with(r) {
				out[n].places, out[n].moved = append(out[n].places, p), append(out[n].moved, to)
				continue
			}
			out = append(out, change{r, []place{p}, []string{to}})
		}
	}
	return out
}

// with reports whether a rewrite is told together with another one: what is
// moved or dropped together is one thing.
func (r *Rewrite) with(other *Rewrite) bool {
	return r.ID == other.ID && r.Does == other.Does && (r.Does == RewriteMove || r.Does == RewriteDrop)
}

// concerns reports whether there are data planes that the rewrite is for.
func (r *Rewrite) concerns(v Versions) bool {
	if r.Before == "" {
		return !v.Newest.IsZero() && !v.Newest.Precedes(r.From)
	}
	return !v.Oldest.IsZero() && v.Oldest.Precedes(r.Before) && !v.Oldest.Precedes(r.From) &&
		!slices.ContainsFunc(r.Patches, func(patch string) bool {
			return v.Oldest.Is(ParsePatch(patch)) && !v.Oldest.Precedes(patch)
		})
}

// matches are the values of a document that are changed.
func (r *Rewrite) matches(doc map[string]any) (out []place) {
	if len(r.At) == 0 {
		out = []place{{value: doc}}
	}
	for _, at := range r.At {
		for _, p := range places(doc, at, nil) {
			if len(r.Values) == 0 && !r.Reference && r.Holds == "" {
				out = append(out, p)
			} else {
				out = append(out, scalars(p)...)
			}
		}
	}
	return slices.DeleteFunc(out, func(p place) bool {
		return !r.takes(p.value) || r.If != nil && !r.If.holds(doc, p.path) || r.Unless.holds(doc, p.path)
	})
}

// takes reports whether a value is one that the rewrite changes.
func (r *Rewrite) takes(v any) bool {
	switch {
	case schema.IsUnknown(v), v == nil && !slices.Contains(r.Values, nil), v != nil && schema.Equal(v, r.To):
		return false
	case r.Holds != "":
		text, _ := v.(string)
		return strings.Contains(text, r.Holds)
	case r.Reference:
		text, _ := v.(string)
		return strings.HasPrefix(text, "{vault://") && strings.HasSuffix(text, "}")
	case r.Longer > 0:
		text, _ := v.(string)
		list, _ := v.([]any)
		return len(list)+utf8.RuneCountInString(text) > r.Longer
	}
	return len(r.Values) == 0 || anyOf(r.Values, v)
}

// final reports whether the data planes do not get the document at all.
func (c change) final() bool {
	return c.Does == RewriteDropPlugin || c.Does == RewriteDropEntity || c.Does == RewriteWithhold
}

// text says what happens, and to whom.
func (c change) text(v Versions) string {
	text := "data planes " + c.bound() + " " + c.effect()
	if c.Note != "" && (c.To != nil || c.Does != RewriteSet) {
		text += ", and " + c.Note
	}
	if c.Before == "" {
		return text + "."
	}
	return fmt.Sprintf("%s; the data planes may be of version %s.", text, v.Oldest)
}

func (c change) bound() string {
	switch {
	case c.Before == "":
		return "from version " + c.From + " on"
	case len(c.Patches) > 0:
		return fmt.Sprintf("before version %s, but for patches from %s on,", c.Before, listed(c.Patches))
	}
	return "before version " + c.Before
}

func (c change) effect() string {
	first := c.places[0]
	switch c.Does {
	case RewriteSet:
		return c.replacement(first.value)
	case RewriteMove:
		pairs := make([]string, len(c.places))
		for i, p := range c.places {
			pairs[i] = p.path.String() + " as " + c.moved[i]
		}
		return "get " + listed(pairs)
	case RewriteDrop:
		return "do not get " + listed(paths(c.places))
	case RewriteDropValue:
		return "get the list without " + shown(first.value)
	case RewriteDropElement:
		return fmt.Sprintf("do not get %s, because of it", element(first.path))
	case RewriteDropPlugin:
		return "do not get the plugin at all, because of it"
	case RewriteDropEntity:
		return "do not get this at all" + c.because()
	case RewriteWithhold:
		return "get no new configuration at all because of it, and go on with their last one"
	case RewriteBreak:
		return "refuse the whole configuration because of " + c.reason() + ", and go on with their last one"
	}
	return "cannot use " + c.reason()
}

// replacement names the value that takes the place of another one. Only values
// of the facts are shown: others may be secrets.
func (c change) replacement(v any) string {
	to := c.Note
	if c.To != nil {
		to = shown(c.To)
	}
	switch {
	case v == nil:
		return "get " + to + " where it is left out"
	case len(c.Values) > 0:
		return "get " + to + " in place of " + shown(v)
	}
	return "get " + to + " in its place"
}

func (c change) because() string {
	if len(c.At) == 0 {
		return ""
	}
	return ", because of it"
}

func (c change) reason() string {
	if c.Reference {
		return "the reference to a vault"
	}
	return "it"
}

// element is the path of the innermost element of a list around a field.
func element(at schema.Path) schema.Path {
	for i := len(at) - 1; i > 0; i-- {
		if !at[i].IsKey() {
			return at[:i+1]
		}
	}
	return at
}

func paths(of []place) []string {
	out := make([]string, len(of))
	for i, p := range of {
		out[i] = p.path.String()
	}
	return out
}

// shown renders a value of the facts.
func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
