package ui

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// longestFile bounds what is compared with a control plane.
const longestFile = 4 << 20

// comparison is what would have to change so that one control plane holds what
// another one or a file holds.
type comparison struct {
	Planes   []map[string]any
	From, To string // ids; From is "" for a file
	Asked    bool
	Problems []string

	Steps []difference
	Same  int
	Notes []string // what could not be compared
}

// difference is an entity that differs.
type difference struct {
	Action  deck.Action
	Type    *entity.Type
	Label   string
	Changes []change
}

// change is a field that differs; secrets are masked.
type change struct{ Path, Before, After string }

// compare compares two control planes.
func compare(v *visit) (any, error) {
	out := comparison{From: v.FormValue("from"), To: v.FormValue("to")}
	if err := v.choices(&out); err != nil || out.From == "" || out.To == "" || len(out.Problems) > 0 {
		return out, err
	}
	out.Asked = true
	source, err := v.deckTarget(out.From)
	if err != nil {
		return nil, err
	}
	// Hashes of passwords are compared, too; nothing of the file is shown.
	file, notes, err := deck.Export(v.Context(), source, entity.Types(), v.ui.Schemas, deck.ExportOptions{Hashes: true})
	if err != nil {
		return nil, err
	}
	out.Notes = notes
	return out, v.against(&out, file)
}

// compareFile compares a control plane with a file of decK.
func compareFile(v *visit) (any, error) {
	err := v.ParseForm()
	if err == nil {
		err = v.ParseMultipartForm(longestFile) //nolint:gosec // G120: serve bounds the body
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, errTooLarge
	}
	out := comparison{To: v.FormValue("to"), Asked: true}
	if err := v.choices(&out); err != nil || len(out.Problems) > 0 {
		return out, err
	}
	content := []byte(v.FormValue("text"))
	if upload, _, err := v.FormFile("file"); err == nil {
		defer upload.Close()
		if content, err = io.ReadAll(io.LimitReader(upload, longestFile)); err != nil {
			return nil, err
		}
	}
	if len(content) == 0 {
		out.Problems = []string{"There is no file, and no text."}
		return out, nil
	}
	return out, v.against(&out, content)
}

// choices are the control planes to choose from. Groups are none: they hold nothing
// that could be compared.
func (v *visit) choices(out *comparison) (err error) {
	planes, err := v.planes()
	for _, p := range planes {
		if !session.IsGroup(p) {
			out.Planes = append(out.Planes, p)
		} else if id := jsonvalue.Text(p["id"]); id == out.From || id == out.To {
			out.Problems = append(out.Problems, fmt.Sprintf("%s is a control plane group, which holds nothing itself. Compare its members.", knownAs(p)))
		}
	}
	return err
}

func (v *visit) deckTarget(id string) (*deck.Target, error) {
	if uuid.Validate(id) != nil {
		return nil, errNoPage
	}
	return deck.Find(v.Context(), v.api, id)
}

// against says what would make the control plane hold what a file says.
func (v *visit) against(out *comparison, content []byte) error {
	target, err := v.deckTarget(out.To)
	if err != nil {
		return err
	}
	plan, err := v.plan(target, content)
	if problems := (deck.Problems)(nil); errors.As(err, &problems) {
		for _, p := range problems {
			out.Problems = append(out.Problems, p.String())
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, s := range plan.Steps {
		if s.Action == deck.Keep {
			out.Same++
			continue
		}
		d := difference{Action: s.Action, Type: s.Type, Label: s.Label}
		if s.Action == deck.Update {
			fields := s.Type.Schema()
			if s.Type == entity.Plugin {
				if p, err := v.ui.Schemas.Plugin(v.Context(), target, jsonvalue.Text(s.After["name"])); err == nil && p != nil {
					fields = p.Schema
				}
			}
			d.Changes = changesOf(s.Type, fields, s.Before, s.After)
		}
		out.Steps = append(out.Steps, d)
	}
	return nil
}

// plan judges a file. Placeholders for variables of the environment get their own names,
// as a name of a host might be: whoever compares is not where they are.
func (v *visit) plan(t *deck.Target, content []byte) (*deck.Plan, error) {
	file, err := deck.Read(entity.Types(), content, func(name string) (string, bool) {
		return strings.ToLower(strings.ReplaceAll(name, "_", "-")), true
	})
	if err != nil {
		return nil, err
	}
	return file.Sync(v.Context(), t, v.ui.Schemas)
}

// changesOf lists the fields in which two forms of an entity differ, and shows no
// secrets.
func changesOf(t *entity.Type, s *schema.Schema, before, after map[string]any) (out []change) {
	shownBefore, shownAfter := maskedDoc(s, before), maskedDoc(s, after)
	var walk func(at []string, a, b map[string]any)
	walk = func(at []string, a, b map[string]any) {
		names := maps.Clone(a)
		maps.Copy(names, b)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if len(at) == 0 && (slices.Contains(t.Computed, name) || slices.Contains(t.Internal, name)) {
				continue
			}
			path := append(slices.Clip(at), name)
			inA, okA := a[name].(map[string]any)
			inB, okB := b[name].(map[string]any)
			switch {
			case okA && okB:
				walk(path, inA, inB)
			case !document.Exactly.Same(nil, a[name], b[name]):
				out = append(out, change{strings.Join(path, "."), plainAt(shownBefore, path), plainAt(shownAfter, path)})
			}
		}
	}
	walk(nil, before, after)
	return out
}

// plainAt is a value of a document as a person reads it. Above it there may be a text
// in place of secrets.
func plainAt(doc map[string]any, path []string) string {
	var v any = doc
	for _, name := range path {
		inner, ok := v.(map[string]any)
		if !ok {
			break
		}
		v = inner[name]
	}
	return jsonvalue.Shown(v)
}
