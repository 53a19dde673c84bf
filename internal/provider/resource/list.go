package resource

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"iter"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// The arguments of a list beside the places above what is listed.
const (
	namePart   = "name_contains"
	allOfTags  = "tags"
	withLabels = "labels"
	mostTags   = 5 // that one request takes
)

// ListSchema returns the schema of the arguments by which existing objects are
// listed: where they are, and the filters that their collection has.
func (r *Resource) ListSchema() *tfprotov6.Schema {
	block := &tfprotov6.SchemaBlock{
		Description: "Lists what exists of: " + r.titleOf(r.Type) + ".", DescriptionKind: tfprotov6.StringKindMarkdown,
	}
	add := func(name string, typ tftypes.Type, required bool, text string) {
		block.Attributes = append(block.Attributes, &tfprotov6.SchemaAttribute{
			Name: name, Type: typ, Required: required, Optional: !required, Description: text, DescriptionKind: tfprotov6.StringKindMarkdown,
		})
	}
	for i, owner := range r.Type.Owners() {
		text := "ID or name of the " + owner.Title + "."
		if !r.isNeeded(i) {
			text += " Left out, those of all are listed."
		}
		add(r.parents[i], tftypes.String, r.isNeeded(i), text)
	}
	if slices.ContainsFunc(r.listed().Names(), func(f string) bool { return !isSecret(r.listed(), f) }) {
		add(namePart, tftypes.String, false, "Part of the name.")
	}
	if r.listed().Schema().Field("tags") != nil {
		add(allOfTags, tftypes.List{ElementType: tftypes.String}, false, "Tags, all of which are there; five at most.")
	}
	if r.listed() == entity.ControlPlane {
		add(withLabels, tftypes.Map{ElementType: tftypes.String}, false, "Labels, all of which are there.")
	}
	return &tfprotov6.Schema{Block: block}
}

// isNeeded reports whether there is no list without the parent of that index.
func (r *Resource) isNeeded(i int) bool {
	return i == 0 || r.Type.Flat == entity.ReadWrite || r.Type.Flat == entity.Nowhere || r.Type.Parent != entity.ControlPlane
}

// listed is the type of the documents that a list has: the last part of the
// address.
func (r *Resource) listed() *entity.Type {
	steps := r.Address()
	return steps[len(steps)-1].Type
}

// ValidateList judges the arguments of a list.
func (r *Resource) ValidateList(config tftypes.Value) (diags report.Diagnostics) {
	args := tfvalue.Members(config)
	refuse := func(name, text string) {
		diags = append(diags, report.Failure(report.AttributePath(name), "Invalid list", name+": "+text))
	}
	for _, name := range append(slices.Clone(r.parents), namePart) {
		if tfvalue.ToGo(args[name]) == "" {
			refuse(name, "it is empty. Leave it out, or say what is meant.")
		}
	}
	tags := tfvalue.Elements(args[allOfTags])
	if len(tags) > mostTags {
		refuse(allOfTags, fmt.Sprintf("there are %d, and a control plane takes %d at most.", len(tags), mostTags))
	}
	for _, tag := range tags {
		if text, ok := tfvalue.ToGo(tag).(string); ok && (text == "" || strings.ContainsAny(text, ",/")) {
			refuse(allOfTags, fmt.Sprintf("%q is no tag: wanted is a text without commas and slashes.", text))
		}
	}
	return diags
}

// query is a list that was asked for.
type query struct {
	where  map[string]string // ids of the places above, by attribute
	name   string
	tags   []string
	labels map[string]string
}

// List returns what exists, as the pages come in, each with its identity and a
// name for people, and with the state that an import would give if that is
// wanted. A limit of 0 is none.
func (r *Resource) List(ctx context.Context, s *session.Session, config tftypes.Value, whole bool, limit int64) iter.Seq[tfprotov6.ListResourceResult] {
	return func(yield func(tfprotov6.ListResourceResult) bool) {
		q, err := r.asked(ctx, s, config)
		if err != nil {
			yield(r.unlisted(ctx, s, err))
			return
		}
		count := int64(0)
		for doc, err := range r.existing(ctx, s, q) {
			if err != nil {
				yield(r.unlisted(ctx, s, err))
				return
			}
			if !r.matches(q, doc) {
				continue
			}
			if !yield(r.result(ctx, s, q, doc, whole)) {
				return
			}
			if count++; count == limit {
				return
			}
		}
	}
}

func (r *Resource) unlisted(ctx context.Context, s *session.Session, err error) tfprotov6.ListResourceResult {
	diags := r.unlocated(ctx, s, r.at(nil), err)
	for _, d := range diags {
		d.Summary = "Unable to list: " + r.titleOf(r.Type)
	}
	return tfprotov6.ListResourceResult{Diagnostics: diags}
}

// asked reads the arguments of a list.
func (r *Resource) asked(ctx context.Context, s *session.Session, config tftypes.Value) (query, error) {
	args := tfvalue.Members(config)
	q := query{labels: map[string]string{}}
	var places []place
	for i, owner := range r.Type.Owners() {
		if text, ok := tfvalue.ToGo(args[r.parents[i]]).(string); ok {
			places = append(places, place{Step: Step{r.parents[i], owner}, text: text})
		}
	}
	q.name, _ = tfvalue.ToGo(args[namePart]).(string)
	for _, tag := range tfvalue.Elements(args[allOfTags]) {
		text, _ := tfvalue.ToGo(tag).(string)
		q.tags = append(q.tags, text)
	}
	for k, v := range tfvalue.Members(args[withLabels]) {
		q.labels[k], _ = tfvalue.ToGo(v).(string)
	}
	var err error
	q.where, err = r.locate(ctx, s, places)
	return q, err
}

// existing asks for the documents of a list, with as much of the filters as its
// collection takes.
func (r *Resource) existing(ctx context.Context, s *session.Session, q query) iter.Seq2[map[string]any, error] {
	api, err := s.Client()
	if err != nil {
		return failed(err)
	}
	t, at := r.listed(), client.Ref{Type: r.Type}
	if len(q.where) == 0 {
		at.Type = t
	}
	for _, p := range r.parents {
		if id := q.where[p]; id != "" {
			at.Parents = append(at.Parents, id)
		}
	}
	where, err := at.Path()
	if err != nil {
		return failed(err)
	}
	filters := url.Values{}
	if t.NameFilter != "" && q.name != "" {
		filters.Set("filter[name][contains]", q.name)
	}
	if t.Family == entity.Core && len(q.tags) > 0 {
		filters.Set("tags", strings.Join(q.tags, ","))
	}
	return api.Each(ctx, r.Type.Family, where, filters)
}

func failed(err error) iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) { yield(nil, err) }
}

// matches judges a document by the filters: some collections do not.
func (r *Resource) matches(q query, doc map[string]any) bool {
	t := r.listed()
	if t == r.Type && !r.isOfKind(doc) {
		return false
	}
	if t == entity.ControlPlane && r.Type != t && !session.IsGroup(doc) {
		return false
	}
	fields := []string{t.NameFilter}
	if t.NameFilter == "" {
		fields = t.Names()
	}
	named := func(f string) bool {
		text, ok := doc[f].(string)
		return ok && !isSecret(t, f) && strings.Contains(text, q.name)
	}
	if q.name != "" && !slices.ContainsFunc(fields, named) {
		return false
	}
	held, _ := schema.AsList(doc["tags"])
	for _, tag := range q.tags {
		if !slices.Contains(held, any(tag)) {
			return false
		}
	}
	labels, _ := document.AsMap(doc["labels"])
	for k, v := range q.labels {
		if labels[k] != v {
			return false
		}
	}
	return true
}

// result is one object of a list.
func (r *Resource) result(ctx context.Context, s *session.Session, q query, doc map[string]any, whole bool) tfprotov6.ListResourceResult {
	keys := r.keysOf(q, doc)
	held := r.at(keys)
	out := tfprotov6.ListResourceResult{DisplayName: r.displayName(ctx, s, keys, doc)}
	fail := func(err error) tfprotov6.ListResourceResult {
		out.Diagnostics = append(out.Diagnostics, r.refused(ctx, s, "list", write{candidate: candidate{subject: r.subject(held)}}, err)...)
		return out
	}
	var err error
	if out.Identity, err = r.Identity(held); err != nil || !whole {
		if err != nil {
			return fail(err)
		}
		return out
	}
	if held, err = r.listedState(ctx, s, held, doc); err != nil {
		return fail(err)
	}
	if out.Resource, err = r.Encode(held); err != nil {
		return fail(err)
	}
	return out
}

// listedState is the state of an object that a list showed. What lists do not show
// whole is read.
func (r *Resource) listedState(ctx context.Context, s *session.Session, held tftypes.Value, doc map[string]any) (tftypes.Value, error) {
	adopting := state.Projector{Adopting: true}
	if r.isAddressOnly() {
		return held, nil
	}
	if r.listed() != r.Type || r.Type.Family == entity.Legacy {
		out, _, err := r.fetch(ctx, s, held, nil, adopting)
		return out, err
	}
	out, _, err := r.shape(ctx, s, held, document.Lift(doc, r.Type.ReplyPaths), nil, adopting)
	return out, err
}

// isAddressOnly reports whether an object is nothing but its address.
func (r *Resource) isAddressOnly() bool {
	return !slices.ContainsFunc(r.Root().Children, func(a *attribute.Attribute) bool { return a.Key != "" })
}

// keysOf is the address of a document of a list.
func (r *Resource) keysOf(q query, doc map[string]any) map[string]string {
	keys := map[string]string{}
	for _, at := range r.Address() {
		keys[at.Attribute] = q.where[at.Attribute]
		if field := r.Type.FieldTo(at.Type); keys[at.Attribute] == "" && field != "" {
			ref, _ := document.AsMap(doc[field])
			keys[at.Attribute], _ = ref["id"].(string)
		}
	}
	steps := r.Address()
	last := steps[len(steps)-1]
	keys[last.Attribute], _ = doc[last.Type.Address()].(string)
	return keys
}

// displayName is what a person recognises an object by.
func (r *Resource) displayName(ctx context.Context, s *session.Session, keys map[string]string, doc map[string]any) string {
	t := r.listed()
	id, _ := doc[t.Address()].(string)
	text := cmp.Or(nameIn(t, doc), matcherOf(doc), subjectOf(doc), id)
	if t == entity.Plugin {
		name, _ := doc["name"].(string)
		if text != name {
			text = name + " " + text
		}
	}
	for _, reference := range t.References {
		target := entity.Named(reference.Target)
		ref, ok := document.AsMap(doc[reference.Field])
		if of, _ := ref["id"].(string); ok && of != "" && r.isTold(reference.Field, target) {
			text += fmt.Sprintf(" (%s %s)", target.Title, nameOf(ctx, s, client.Ref{Type: target, Parents: []string{keys[r.parents[0]]}, Key: of}))
		}
	}
	return text
}

// isTold reports whether a name is not enough without what the object refers to.
func (r *Resource) isTold(field string, target *entity.Type) bool {
	return r.Type == entity.Plugin && slices.Contains(plugins.Scopes, field) || r.Type != entity.Plugin && slices.Contains(r.Type.Owners(), target)
}

// nameOf is the name of an object that another one refers to, or its id.
func nameOf(ctx context.Context, s *session.Session, ref client.Ref) string {
	doc, err := s.API.Read(ctx, ref, client.Often)
	if err != nil {
		return ref.Key
	}
	return cmp.Or(nameIn(ref.Type, doc), matcherOf(doc), ref.Key)
}

// matcherOf shows what a route without a name matches.
func matcherOf(doc map[string]any) string {
	if text, ok := doc["expression"].(string); ok {
		return text
	}
	var parts []string
	for _, f := range []string{"methods", "hosts", "paths"} {
		list, _ := schema.AsList(doc[f])
		for _, v := range list {
			parts = append(parts, fmt.Sprint(v))
		}
	}
	return strings.Join(parts, " ")
}

// subjectOf is whom a certificate is for.
func subjectOf(doc map[string]any) string {
	text, _ := doc["cert"].(string)
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return ""
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return ""
	}
	return cmp.Or(cert.Subject.CommonName, path.Join(cert.DNSNames...))
}
