package resource

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
)

// Step is an attribute of an object's address, and whose id it holds.
type Step struct {
	Attribute string
	Type      *entity.Type
}

// place is a step with what leads there: an id, or a name.
type place struct {
	Step

	field string // that has the value, where an import id says so
	text  string
}

// Address are the attributes that lead to an object, from the root down.
func (r *Resource) Address() []Step {
	var out []Step
	for i, owner := range r.Type.Owners() {
		out = append(out, Step{r.parents[i], owner})
	}
	for _, name := range r.addresses {
		out = append(out, Step{name, r.leadsTo(name)})
	}
	if len(r.addresses) == 0 {
		out = append(out, Step{r.Type.Address(), r.addressee()})
	}
	return out
}

// ImportKeys are the attributes that an import id names.
func (r *Resource) ImportKeys() []string {
	if len(r.addresses) > 0 {
		return append(append([]string(nil), r.parents...), r.addresses...)
	}
	return append([]string{r.Type.Address()}, r.parents...)
}

// Import returns the state of an existing object, with its private state.
func (r *Resource) Import(ctx context.Context, s *session.Session, id string) (tftypes.Value, []byte, report.Diagnostics) {
	places, err := r.parseImportID(id)
	if err != nil {
		return tftypes.Value{}, nil, report.Diagnostics{report.Failure(nil, "Invalid import ID", err.Error())}
	}
	return r.adopt(ctx, s, places)
}

// adopt returns the state of the object at a place, with its private state.
func (r *Resource) adopt(ctx context.Context, s *session.Session, places []place) (tftypes.Value, []byte, report.Diagnostics) {
	keys, err := r.locate(ctx, s, places)
	address := r.at(keys)
	if err != nil {
		return tftypes.Value{}, nil, r.unlocated(ctx, s, address, err)
	}
	state, private, err := r.fetch(ctx, s, address, nil, state.Projector{Adopting: true})
	if errors.Is(err, client.ErrNotFound) {
		return state, nil, report.Diagnostics{report.Failure(nil, "Nothing to import",
			fmt.Sprintf("There is no %s with the ID %s: %s.", r.Type.Title, r.importText(keys), err))}
	}
	if err != nil {
		return state, nil, r.refused(ctx, s, "import", write{candidate: candidate{subject: r.subject(address)}}, err)
	}
	return state, private, nil
}

// at is a state of which nothing is known but the address.
func (r *Resource) at(keys map[string]string) tftypes.Value {
	fields := make(map[string]tftypes.Value, len(r.Root().Children))
	for _, c := range r.Root().Children {
		fields[c.Name] = tftypes.NewValue(c.Type, nil)
	}
	for name, text := range keys {
		fields[name] = tftypes.NewValue(tftypes.String, text)
	}
	return tftypes.NewValue(r.Root().Type, fields)
}

// parseImportID reads an import id: a JSON object; the names or ids from the
// root down, with a slash between them; or one of them alone if nothing else is
// needed.
func (r *Resource) parseImportID(id string) ([]place, error) {
	id = strings.TrimSpace(id)
	if strings.HasPrefix(id, "{") {
		return r.parseImportObject(id)
	}
	steps := r.Address()
	parts := strings.Split(id, "/")
	switch {
	case id == "":
		return nil, r.importFault("The import ID is empty.")
	case len(steps) == 1:
		return []place{{Step: steps[0], text: id}}, nil
	case len(parts) > len(steps):
		return nil, r.importFault(fmt.Sprintf("The import ID has %d parts, and an address %d; a slash within a name is written %%2F.", len(parts), len(steps)))
	case len(parts) < len(steps):
		return nil, r.importFault("The import ID is neither a JSON object nor the whole address.")
	}
	out := make([]place, len(steps))
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if err != nil {
			text = part // a percent sign of its own
		}
		if text == "" {
			return nil, r.importFault(fmt.Sprintf("Part %d of the import ID is empty.", i+1))
		}
		out[i] = place{Step: steps[i], text: text}
	}
	return out, nil
}

// parseImportObject reads an address as a JSON object. A key of what is addressed
// may stand in for its id.
func (r *Resource) parseImportObject(id string) ([]place, error) {
	given, err := jsonvalue.Object(id)
	if err != nil {
		return nil, r.importFault("The import ID is not a JSON object.")
	}
	var out []place
	missing := ""
	for _, at := range r.Address() {
		names := []string{at.Attribute}
		if at.Attribute == r.Type.Address() {
			names = append(names, at.Type.Names()...)
		}
		found := place{Step: at}
		for i, name := range names {
			if text, _ := given[name].(string); text != "" {
				if i > 0 {
					found.field = name
				}
				found.text = text
				delete(given, name)
				break
			}
		}
		if found.text == "" && (missing == "" || at.Attribute == r.Type.Address()) {
			missing = at.Attribute
		}
		out = append(out, found)
	}
	if missing != "" {
		return nil, r.importFault(fmt.Sprintf("The import ID lacks the key %q.", missing))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return nil, r.importFault(fmt.Sprintf("The import ID has the key %q, which means nothing here.", name))
	}
	return out, nil
}

// importFault says what an import id looks like, with an example to copy.
func (r *Resource) importFault(fault string) error {
	wanted := r.ImportKeys()
	if len(wanted) == 1 {
		return fmt.Errorf("%s Wanted is the %s of the %s, or its name", fault, wanted[0], r.Type.Title)
	}
	pairs := make([]string, len(wanted))
	for i, name := range wanted {
		pairs[i] = fmt.Sprintf("%q: %q", name, exampleOf(name))
	}
	return fmt.Errorf("%s Wanted are the keys %s, for example: { %s }; or the same from the control plane down, by name or ID: %s",
		fault, strings.Join(wanted, ", "), strings.Join(pairs, ", "), r.addressForm())
}

// addressForm is an address by names, with words in place of the parts.
func (r *Resource) addressForm() string {
	var parts []string
	for _, at := range r.Address() {
		parts = append(parts, "<"+at.Type.Title+">")
	}
	return strings.Join(parts, "/")
}

func exampleOf(key string) string {
	if key == "name" {
		return "my-plugin"
	}
	return "9524ec7d-36d9-465d-a8c5-83a3c9390458"
}

// importExample is the import id of an object, ready to copy.
func (r *Resource) importExample(doc map[string]any, in subject) string {
	keys := r.keysOf(query{}, doc) // it may belong to something else
	for _, p := range r.parents {
		keys[p] = cmp.Or(keys[p], in.text(p))
	}
	return r.importText(keys)
}

// importText is the import id for an address.
func (r *Resource) importText(keys map[string]string) string {
	if len(keys) == 1 {
		return keys[r.Type.Address()]
	}
	text, err := json.Marshal(keys)
	if err != nil {
		return keys[r.Type.Address()]
	}
	return string(text)
}
