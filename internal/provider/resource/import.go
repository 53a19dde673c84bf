package resource

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
)

// importKeys are the attributes that an import id names.
func (r *Resource) importKeys() []string {
	if r.Root().Named(r.Type.Address()) == nil {
		return append(append([]string(nil), r.parents...), r.addresses...)
	}
	return append([]string{r.Type.Address()}, r.parents...)
}

// Import returns the state of an existing object, with its private state.
func (r *Resource) Import(ctx context.Context, s *session.Session, id string) (tftypes.Value, []byte, report.Diagnostics) {
	keys, err := r.parseImportID(id)
	if err != nil {
		return tftypes.Value{}, nil, report.Diagnostics{report.Failure(nil, "Invalid import ID", err.Error())}
	}
	fields := make(map[string]tftypes.Value, len(r.Root().Children))
	for _, c := range r.Root().Children {
		fields[c.Name] = tftypes.NewValue(c.Type, nil)
	}
	for name, text := range keys {
		fields[name] = tftypes.NewValue(tftypes.String, text)
	}
	address := tftypes.NewValue(r.Root().Type, fields)
	state, private, err := r.fetch(ctx, s, address, nil, state.Projector{Adopting: true})
	if errors.Is(err, client.ErrNotFound) {
		return state, nil, report.Diagnostics{report.Failure(nil, "Nothing to import",
			fmt.Sprintf("There is no %s with the ID %s: %s.", r.Type.Title, strings.TrimSpace(id), err))}
	}
	if err != nil {
		return state, nil, r.refused(ctx, s, "import", write{candidate: candidate{subject: r.subject(address)}}, err)
	}
	return state, private, nil
}

// parseImportID reads an import id: a JSON object, or the id alone if nothing
// else is needed.
func (r *Resource) parseImportID(id string) (map[string]string, error) {
	wanted := r.importKeys()
	id = strings.TrimSpace(id)
	if len(wanted) == 1 && id != "" && !strings.HasPrefix(id, "{") {
		return map[string]string{wanted[0]: id}, nil
	}
	given, err := jsonvalue.Object(id)
	if err != nil {
		return nil, r.importFault("The import ID is not a JSON object.")
	}
	out := make(map[string]string, len(wanted))
	for _, name := range wanted {
		text, _ := given[name].(string)
		if text == "" {
			return nil, r.importFault(fmt.Sprintf("The import ID lacks the key %q.", name))
		}
		out[name] = text
		delete(given, name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		return nil, r.importFault(fmt.Sprintf("The import ID has the key %q, which means nothing here.", name))
	}
	return out, nil
}

// importFault says what an import id looks like, with an example to copy.
func (r *Resource) importFault(fault string) error {
	wanted := r.importKeys()
	if len(wanted) == 1 {
		return fmt.Errorf("%s Wanted is the %s of the %s", fault, wanted[0], r.Type.Title)
	}
	pairs := make([]string, len(wanted))
	for i, name := range wanted {
		pairs[i] = fmt.Sprintf("%q: %q", name, exampleOf(name))
	}
	return fmt.Errorf("%s Wanted are the keys %s, for example: { %s }", fault, strings.Join(wanted, ", "), strings.Join(pairs, ", "))
}

func exampleOf(key string) string {
	if key == "name" {
		return "my-plugin"
	}
	return "9524ec7d-36d9-465d-a8c5-83a3c9390458"
}
