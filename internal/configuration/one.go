package configuration

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// One returns the block of a single object, and the one that imports it. What it refers to stays
// an id, a secret is a variable of which nothing is said but the name. The document is
// what the API shows.
func One(ctx context.Context, s *session.Session, controlPlane string, typ *entity.Type, doc map[string]any) (string, error) {
	i := slices.IndexFunc(kinds(), func(k kind) bool { return k.typ == typ && k.lister != nil })
	if i < 0 {
		return "", fmt.Errorf("there is no resource for a %s", typ.Title)
	}
	k := kinds()[i]
	where := map[string]string{}
	for _, step := range k.lister.Above() {
		ref, _ := doc[typ.FieldTo(step.Type)].(map[string]any)
		where[step.Attribute] = text(ref["id"])
		if step.Type == entity.ControlPlane {
			where[step.Attribute] = controlPlane
		}
	}
	e := newExporter(ctx, s, controlPlane, Options{Imports: true})
	e.add(k, i, k.lister.Place(where, doc), doc)
	if err := e.read(ctx); err != nil {
		return "", err
	}
	e.name()
	e.write()
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		out.WriteString(e.folder.Files[name])
	}
	out.WriteString("\n" + e.folder.Files[importsFile])
	return strings.TrimSpace(out.String()) + "\n", nil
}

// Conceal takes the values of secrets out of the folder. Their variables stay.
func (f *Folder) Conceal() {
	if _, any := f.Files[valuesFile]; any {
		f.Files[valuesFile] = "# The values of these variables are secrets, and not part of this copy. On the command line, export writes them.\n"
	}
}
