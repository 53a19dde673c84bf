package ui

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/configuration"
	"github.com/openkonnect/terraform-provider-konnect/internal/deck"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// thing is an entity as its page shows it.
type thing struct {
	Type   *entity.Type
	Entity map[string]any
	Values []value
	Of     []reference  // what it belongs to, or needs
	Lists  []collection // of what belongs to it
	Code   []listingOf
	Now    time.Time
}

// listingOf is an entity in one form of code.
type listingOf struct {
	ID, Title, Text string
}

// addressed returns the type and the parents that the path of a visit names, or no
// type. What is below another entity has that in its path.
func (v *visit) addressed() (*entity.Type, []string) {
	t, parents := entity.Named(v.PathValue("type")), []string{jsonvalue.Text(v.plane["id"])}
	if t == nil || t.Parent != entity.ControlPlane {
		return nil, nil
	}
	owners := t.Owners()
	if owner := v.PathValue("owner"); owner != "" {
		parents = append(parents, v.PathValue("ownerID"))
		if owner != owners[len(owners)-1].Name {
			return nil, nil
		}
	}
	if len(parents) != len(owners) {
		return nil, nil
	}
	return t, parents
}

// oneEntity shows an entity that is no plugin.
func oneEntity(v *visit) (any, error) {
	t, parents := v.addressed()
	if t == nil {
		return nil, errNoPage
	}
	doc, err := v.api.Get(v.Context(), client.Ref{Type: t, Parents: parents, Key: v.PathValue("id")})
	if err != nil {
		return nil, err
	}
	code, err := v.code(t, doc, nil)
	if err != nil {
		return nil, err
	}
	shown := maskedDoc(t.Schema(), doc)
	out := thing{Type: t, Entity: shown, Code: code, Now: v.ui.Now()}
	if out.Of, err = v.references(t, doc); err != nil {
		return nil, err
	}
	if out.Lists, err = v.belongings(t, doc); err != nil {
		return nil, err
	}
	t.Schema().Walk(doc, func(c *schema.Cursor) bool {
		if len(c.Path) == 0 {
			return true
		}
		if c.Value != nil {
			out.Values = append(out.Values, value{Path: c.Path.String(), Text: shownText(c), About: moment(c)})
		}
		return false
	})
	return out, nil
}

// members are the collections below an entity of what does not belong to it.
var members = map[*entity.Type]*entity.Type{entity.Consumer: entity.ConsumerGroup, entity.ConsumerGroup: entity.Consumer}

// belongings are the first entities of each collection below an entity.
func (v *visit) belongings(t *entity.Type, doc map[string]any) (out []collection, err error) {
	below := map[*entity.Type]string{}
	if t.Family == entity.Core && len(t.Owners()) == 1 {
		for _, c := range entity.Types() {
			if slices.Contains(c.NestedBelow, t.Name) && c.Family == entity.Core && c != entity.ConsumerGroupMember {
				below[c] = cmp.Or(c.Nested, path.Base(c.Path))
			}
		}
		if m := members[t]; m != nil {
			below[m] = m.Name
		}
	}
	for _, c := range entity.Types() {
		if below[c] == "" {
			continue
		}
		if out, err = v.appendListed(out, c, v.member(t, jsonvalue.Text(doc[t.Address()]))+"/"+below[c]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// references are the entities that one names in its own fields.
func (v *visit) references(t *entity.Type, doc map[string]any) (out []reference, err error) {
	for _, r := range t.References {
		target, named := entity.Named(r.Target), jsonvalue.Text(idOf(doc[r.Field]))
		if named == "" || target == nil || len(target.Owners()) != 1 {
			continue
		}
		to, err := v.reference(target, named)
		if err != nil {
			return nil, err
		}
		out = append(out, to)
	}
	return out, nil
}

// reference finds out what people call an entity. One that is gone by now keeps its ID.
func (v *visit) reference(t *entity.Type, id string) (reference, error) {
	doc, err := v.api.Get(v.Context(), client.Ref{Type: t, Parents: []string{jsonvalue.Text(v.plane["id"])}, Key: id})
	if errors.Is(err, client.ErrNotFound) {
		doc, err = map[string]any{"id": id}, nil
	}
	return reference{strings.ReplaceAll(t.Singular, "_", " "), t.Name, id, knownAs(doc)}, err
}

// idOf is the id in a foreign field, or nil.
func idOf(field any) any {
	ref, _ := field.(map[string]any)
	return ref["id"]
}

// code shows an entity as Terraform, decK and the API know it. The schema is that of a
// plugin, nil for what has one of its type.
func (v *visit) code(t *entity.Type, doc map[string]any, s *schema.Schema) ([]listingOf, error) {
	if s == nil {
		s = t.Schema()
	}
	hcl, err := configuration.One(v.Context(), v.session(), jsonvalue.Text(v.plane["id"]), t, doc)
	if _, ours := errors.AsType[*client.Error](err); ours {
		return nil, err
	}
	if err != nil {
		hcl = fmt.Sprintf("# %s\n", err)
	}
	shown := maskedDoc(s, doc)
	owners, err := v.owners(t, doc)
	if err != nil {
		return nil, err
	}
	file, _ := deck.One(entity.Types(), deck.ExportOptions{Konnect: true}, append(owners, deck.Entity{Type: t, Doc: s.WithoutFormer(shown)})...)
	text, err := json.MarshalIndent(shown, "", "  ")
	if err != nil {
		return nil, err
	}
	return []listingOf{{"hcl", "Terraform", hcl}, {"deck", "decK", string(file)}, {"json", "JSON", string(text)}}, nil
}

// owners are what an entity belongs to below the control plane, where decK has it only
// there.
func (v *visit) owners(t *entity.Type, doc map[string]any) (out []deck.Entity, err error) {
	for _, owner := range t.Owners() {
		ref, _ := doc[t.FieldTo(owner)].(map[string]any)
		if owner == entity.ControlPlane || ref == nil {
			continue
		}
		held, err := v.api.Get(v.Context(), client.Ref{Type: owner, Parents: []string{jsonvalue.Text(v.plane["id"])}, Key: jsonvalue.Text(ref["id"])})
		if err != nil {
			return nil, err
		}
		out = append(out, deck.Entity{Type: owner, Doc: maskedDoc(owner.Schema(), held)})
	}
	return out, nil
}

// session is what the provider would know of the control plane.
func (v *visit) session() *session.Session {
	s := session.New(v.ui.Bundled)
	s.API = v.api
	return s
}

// maskedDoc is a document without secrets.
func maskedDoc(s *schema.Schema, doc map[string]any) map[string]any {
	return s.Walk(doc, mask)
}

// mask hides a value that is a secret, as a walk comes by.
func mask(c *schema.Cursor) bool {
	if len(c.Path) == 0 || c.Value == nil || !isHidden(c) {
		return true
	}
	c.Replace(document.Concealed)
	return false
}

// isHidden reports whether a value is a secret: by its field, or by its name where no
// schema knows it. A reference to a vault is none.
func isHidden(c *schema.Cursor) bool {
	reference, _ := c.Value.(string)
	if schema.IsReference(reference) {
		return false
	}
	return document.IsSecret(c.Field) || c.Field == nil && c.Path[len(c.Path)-1].IsKey() && document.LooksSecret(c.Path[len(c.Path)-1].Name)
}

// moment is the time that the API tells as seconds, or "".
func moment(c *schema.Cursor) string {
	if name := c.Path.String(); name != "created_at" && name != "updated_at" {
		return ""
	}
	return utc(c.Value)
}

// titled is the title of a type, as a heading begins.
func titled(t *entity.Type) string { return strings.ToUpper(t.Title[:1]) + t.Title[1:] }
