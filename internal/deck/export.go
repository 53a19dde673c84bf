package deck

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Format is a variant of declarative configuration.
type Format uint8

const (
	// ForDeck nests members of groups, plugins of groups and links to partials
	// as decK does.
	ForDeck Format = iota
	// ForDBless writes these as lists of their own, as a gateway without a
	// database wants them.
	ForDBless
)

// ExportOptions say what is written and how.
type ExportOptions struct {
	Format     Format
	WithID     bool     // ids of all entities, not only of those without a name
	Konnect    bool     // name the control plane, for decK
	SelectTags []string // only what has all of these
	// Hashes also writes basic-auth credentials, with the hashes of their
	// passwords, and says so in the file. Without it they are left out.
	Hashes bool
	// JSON instead of YAML, which takes less than half the memory to import. It has
	// no comments; only gateways have a field for them.
	JSON bool
}

// Export returns the entities of the given types on a control plane as
// declarative configuration. The notes say what could not be part of it; they
// also stand on top of the file as comments.
func Export(ctx context.Context, t *Target, types entity.Table, schemas Schemas, o ExportOptions) (file []byte, notes []string, err error) {
	s, err := t.state(ctx, types.Core(), schemas)
	if err != nil {
		return nil, nil, err
	}
	e := &exporter{ExportOptions: o, types: types.Core(), state: s, root: map[string]any{"_format_version": "3.0"}, entities: map[identity]*exported{}}
	if err := e.noteOthers(ctx, t, types); err != nil {
		return nil, nil, err
	}
	if err := e.groupProtocols(ctx, t, schemas); err != nil {
		return nil, nil, err
	}
	e.head(t)
	for _, typ := range e.types {
		for _, doc := range s.docs[typ.Name] {
			e.take(typ, doc)
		}
	}
	for _, typ := range e.types {
		for _, doc := range s.docs[typ.Name] {
			e.put(e.entities[identity{typ.Name, jsonvalue.Text(doc["id"])}])
		}
	}
	e.putMembers()
	e.sort(e.root)
	slices.Sort(e.notes)
	if o.JSON {
		file, err := e.json()
		return file, e.notes, err
	}
	return emit(e.notes, e.root), e.notes, nil
}

// Entity is an entity of a type.
type Entity struct {
	Type *entity.Type
	Doc  map[string]any
}

// One returns single entities as a file, with ids in place of what else they refer to. Of an
// entity that the format has only below what it belongs to, that has to be one of
// them. The notes are those of [Export].
func One(types entity.Table, o ExportOptions, entities ...Entity) (file []byte, notes []string) {
	s := &state{docs: map[string][]map[string]any{}, byID: map[identity]map[string]any{}}
	e := &exporter{ExportOptions: o, types: types.Core(), state: s, root: map[string]any{"_format_version": "3.0"}, entities: map[identity]*exported{}}
	for _, one := range entities {
		id := jsonvalue.Text(one.Doc["id"])
		s.byID[identity{one.Type.Name, id}] = one.Doc
		e.take(one.Type, one.Doc)
	}
	for _, one := range entities {
		e.put(e.entities[identity{one.Type.Name, jsonvalue.Text(one.Doc["id"])}])
	}
	e.sort(e.root)
	return emit(e.notes, e.root), e.notes
}

func (e *exporter) json() ([]byte, error) {
	if e.Format == ForDBless && len(e.notes) > 0 {
		e.root["_comment"] = strings.Join(e.notes, "\n")
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(e.root)
	return b.Bytes(), err
}

// exporter builds a file.
type exporter struct {
	ExportOptions

	types    entity.Table
	state    *state
	root     map[string]any
	entities map[identity]*exported // those that are part of the file
	notes    []string
	// protocols are the defaults of plugins that groups have.
	protocols map[string]any
}

// exported is an entity on its way into the file.
type exported struct {
	typ *entity.Type
	doc map[string]any // as the control plane has it
	out map[string]any // as the file has it
}

func (e *exporter) note(format string, args ...any) {
	e.notes = append(e.notes, "Not exported: "+fmt.Sprintf(format, args...))
}

// head writes what the file says of itself.
func (e *exporter) head(t *Target) {
	if e.Format != ForDeck {
		if e.Hashes {
			e.root["_transform"] = false // passwords are hashes
		}
		return // a gateway knows nothing else
	}
	if e.Konnect {
		e.root["_konnect"] = map[string]any{"control_plane_name": t.Name}
	}
	info := map[string]any{}
	if len(e.SelectTags) > 0 {
		info["select_tags"] = anyList(e.SelectTags)
	}
	if e.Hashes {
		info["skip_hash_for_basic_auth"] = true
	}
	if len(e.state.docs[entity.CustomPlugin.Name])+len(e.state.docs[entity.ClonedPlugin.Name]) > 0 {
		info["include_plugin_definitions"] = true
	}
	if len(info) > 0 {
		e.root["_info"] = info
	}
}

func anyList(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// noteOthers notes entities that the format has no place for.
func (e *exporter) noteOthers(ctx context.Context, t *Target, types entity.Table) error {
	for _, typ := range types {
		if typ.Parent != entity.ControlPlane || typ.Flat == entity.Nowhere || slices.Contains(e.types, typ) {
			continue
		}
		list, err := t.optional(ctx, t.at(typ, ""))
		if err != nil {
			return err
		}
		for _, doc := range list {
			name := cmp.Or(jsonvalue.Text(doc["name"]), jsonvalue.Text(doc["id"]))
			switch typ {
			case entity.DataPlaneCertificate:
				e.note("%s %s, which lets data planes in", typ.Title, name)
			case entity.ConfigStore:
				if err := e.noteSecrets(ctx, t, doc); err != nil {
					return err
				}
			default:
				e.note("%s %s; upload it before this file is used", typ.Title, name)
			}
		}
	}
	return nil
}

func (e *exporter) noteSecrets(ctx context.Context, t *Target, store map[string]any) error {
	id := jsonvalue.Text(store["id"])
	name := cmp.Or(jsonvalue.Text(store["name"]), id)
	e.note("config store %s", name)
	secrets, err := t.optional(ctx, client.Ref{Type: entity.ConfigStoreSecret, Parents: []string{t.ID, id}})
	for _, secret := range secrets {
		e.note("secret %s of config store %s, whose value cannot be read", jsonvalue.Text(secret["key"]), name)
	}
	return err
}

// take decides whether an entity is part of the file.
func (e *exporter) take(typ *entity.Type, doc map[string]any) {
	tags, _ := doc["tags"].([]any)
	if !e.state.selected(typ, doc, e.SelectTags) {
		return
	}
	switch {
	case slices.ContainsFunc(tags, isManaged):
		e.note("%s %s, which Konnect manages itself", typ.Title, e.label(typ, doc))
	case typ == entity.BasicAuth && !e.Hashes:
		e.note("%s %s, of whose password only a hash is kept", typ.Title, e.label(typ, doc))
	case e.Format == ForDeck && typ == entity.AsymmetricKey && doc["name"] == nil && doc["set"] == nil:
		e.note("%s %s, which has neither a name nor a set", typ.Title, jsonvalue.Text(doc["kid"]))
	default:
		e.entities[identity{typ.Name, jsonvalue.Text(doc["id"])}] = &exported{typ: typ, doc: doc, out: e.fields(typ, doc)}
	}
}

// unknownToDeck are fields that the format of decK lacks.
var unknownToDeck = map[*entity.Type][]string{
	entity.Certificate:   {"cert_alt", "key_alt"},
	entity.AsymmetricKey: {"x5t"},
}

// belowGroup are the fields of a plugin that decK takes below a group.
var belowGroup = []string{"name", "config", "id", "tags", "instance_name", "ordering", entity.ConsumerGroup.Singular}

// fitsGroup says whether a plugin of a group can stand below it: it must have
// the defaults of all fields that decK refuses there.
func (e *exporter) fitsGroup(x *exported) bool {
	for name, v := range x.out {
		switch {
		case slices.Contains(belowGroup, name):
		case name == "enabled" && v == true:
		case name == "protocols" && schema.Equal(v, e.protocols[jsonvalue.Text(x.doc["name"])]):
		default:
			return false
		}
	}
	return x.doc["partials"] == nil
}

// groupProtocols finds out which protocols need not be said of plugins that
// groups have.
func (e *exporter) groupProtocols(ctx context.Context, t *Target, schemas Schemas) error {
	e.protocols = map[string]any{}
	for _, doc := range e.state.docs[entity.Plugin.Name] {
		name := jsonvalue.Text(doc["name"])
		if _, known := e.protocols[name]; known || doc[entity.ConsumerGroup.Singular] == nil || e.Format != ForDeck {
			continue
		}
		p, err := schemas.Plugin(ctx, t, name)
		if err != nil {
			return err
		}
		e.protocols[name] = nil
		if p != nil {
			e.protocols[name] = p.Schema.Field("protocols").Default
		}
	}
	return nil
}

// isManaged recognises the tags of what Konnect makes by itself.
func isManaged(tag any) bool { return strings.HasPrefix(jsonvalue.Text(tag), "konnect-managed") }

// label says which entity a note is about, without anything that is secret.
func (e *exporter) label(typ *entity.Type, doc map[string]any) string {
	label := labelOf(typ, doc)
	for _, r := range references(typ) {
		if target := e.state.byID[identity{r.Target, idOf(doc[r.Field])}]; target != nil {
			label += " of " + r.Field + " " + cmp.Or(jsonvalue.Text(target["name"]), jsonvalue.Text(target["username"]), jsonvalue.Text(target["id"]))
		}
	}
	return label
}

// fields are the fields of an entity that do not refer to others, in the file's
// form.
func (e *exporter) fields(typ *entity.Type, doc map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range doc {
		if v != nil && !slices.Contains(typ.Computed, name) && !slices.Contains(typ.Internal, name) {
			out[name] = v
		}
	}
	for _, r := range references(typ) {
		delete(out, r.Field)
	}
	if typ == entity.Certificate {
		delete(out, "snis") // entities of their own
	}
	if e.Format == ForDeck {
		for _, name := range unknownToDeck[typ] {
			if out[name] != nil {
				e.note("%s of %s %s, of which decK has no notion", name, typ.Title, e.label(typ, doc))
				delete(out, name)
			}
		}
	}
	if e.WithID || e.needsID(typ, doc) {
		out["id"] = doc["id"]
	}
	return out
}

// needsID says whether only its id tells an entity from others. References to
// it need that, and so does a later import.
func (e *exporter) needsID(typ *entity.Type, doc map[string]any) bool {
	if e.isTarget(typ) || e.Format == ForDeck && typ == entity.AsymmetricKey {
		return doc[handle(typ)] == nil
	}
	if e.Format == ForDeck && typ == entity.MTLSAuth {
		return true // decK's own schema asks for it
	}
	for _, u := range typ.Unique {
		if u.NullsEqual || !slices.ContainsFunc(u.Fields, func(f string) bool { return doc[f] == nil }) {
			return false
		}
	}
	return true
}

// isTarget says whether others refer to a type.
func (e *exporter) isTarget(typ *entity.Type) bool {
	for _, t := range e.types {
		if t.FieldTo(typ) != "" {
			return true
		}
	}
	return false
}

// put writes an entity into the file: below the entity that it belongs to, if
// that is the only one and part of the file, or else in the list of its type.
func (e *exporter) put(x *exported) {
	if x == nil {
		return
	}
	if e.Format == ForDeck && customName(x.typ) != "" {
		e.putCustom(x)
		return
	}
	parent, field := e.parent(x)
	if parent == nil && e.Format == ForDeck && isNestedOnly(x.typ) {
		e.note("%s %s: decK writes it below what it belongs to, which is not part of the file", x.typ.Title, e.label(x.typ, x.doc))
		return
	}
	for _, r := range references(x.typ) {
		if v := x.doc[r.Field]; r.Field != field && v != nil && r.Target != entity.Partial.Name {
			x.out[r.Field] = e.reference(x.typ, r.Target, v)
		}
	}
	e.putPartials(x)
	if parent != nil {
		if parent.typ == entity.ConsumerGroup && x.typ == entity.Plugin {
			delete(x.out, "enabled")
			delete(x.out, "protocols")
		}
		appendTo(parent.out, x.typ.Name, x.out)
		return
	}
	appendTo(e.root, x.typ.Name, x.out)
}

// isNestedOnly says whether the format of decK has no list of its own for a
// type.
func isNestedOnly(t *entity.Type) bool {
	return t == entity.SNI || len(t.NestedBelow) > 0 && t.Flat != entity.ReadWrite
}

func appendTo(in map[string]any, name string, v any) {
	list, _ := in[name].([]any)
	in[name] = append(list, v)
}

// parent returns what an entity is nested below, and by which foreign key.
// Keys are not: no format has them below their set.
func (e *exporter) parent(x *exported) (parent *exported, field string) {
	if x.typ == entity.AsymmetricKey {
		return nil, ""
	}
	for _, r := range references(x.typ) {
		target := e.types.Named(r.Target)
		if x.doc[r.Field] == nil || target == nil || parentField(x.typ, target) != r.Field {
			continue
		}
		if field != "" {
			return nil, "" // belongs to several
		}
		parent, field = e.entities[identity{r.Target, idOf(x.doc[r.Field])}], r.Field
	}
	if parent == nil || parent.typ == entity.ConsumerGroup && (e.Format == ForDBless || !e.fitsGroup(x)) {
		return nil, ""
	}
	return parent, field
}

// reference renders a foreign key.
func (e *exporter) reference(typ *entity.Type, target string, v any) any {
	if list, ok := v.([]any); ok {
		out := make([]any, len(list))
		for i, one := range list {
			out[i] = idOf(one) // if it has no name
		}
		return out
	}
	field, name := e.named(target, idOf(v))
	if e.Format == ForDeck && typ != entity.Plugin && typ != entity.Service {
		return map[string]any{field: name}
	}
	return name
}

// named returns the shortest way to name an entity.
func (e *exporter) named(typ, id string) (field, name string) {
	field = handle(e.types.Named(typ))
	if name := jsonvalue.Text(e.state.byID[identity{typ, id}][field]); name != "" {
		return field, name
	}
	return "id", id
}

// putPartials renders the links of a plugin to partials.
func (e *exporter) putPartials(x *exported) {
	links, _ := x.doc["partials"].([]any)
	if x.typ != entity.Plugin || len(links) == 0 {
		return
	}
	for _, l := range links {
		link, _ := l.(map[string]any)
		field, name := e.named(entity.Partial.Name, jsonvalue.Text(link["id"]))
		if e.Format == ForDBless {
			x.out["id"] = x.doc["id"]
			entry := map[string]any{"plugin": x.doc["id"], "partial": name}
			if link["path"] != nil {
				entry["path"] = link["path"]
			}
			appendTo(e.root, "plugins_partials", entry)
			continue
		}
		entry := map[string]any{field: name}
		if link["path"] != nil {
			entry["path"] = link["path"]
		}
		appendTo(x.out, "partials", entry)
	}
}

func (e *exporter) putMembers() {
	for m := range e.state.members {
		consumer := e.entities[identity{entity.Consumer.Name, m.consumer}]
		if consumer == nil {
			continue
		}
		field, group := e.named(entity.ConsumerGroup.Name, m.group)
		if e.Format == ForDBless {
			_, name := e.named(entity.Consumer.Name, m.consumer)
			appendTo(e.root, entity.ConsumerGroupMember.Name, map[string]any{"consumer": name, "consumer_group": group})
			continue
		}
		appendTo(consumer.out, "groups", map[string]any{field: group})
	}
}

// sort orders every list of entities: by name where there is one, else by
// all that they hold. Lists within an entity keep their order.
func (e *exporter) sort(doc map[string]any) {
	for name, v := range doc {
		list, ok := v.([]any)
		if !ok || len(list) == 0 || !e.isEntityList(name, list) {
			continue
		}
		entries := make([]keyed, len(list))
		for i, one := range list {
			entry, _ := one.(map[string]any)
			e.sort(entry)
			entries[i] = keyed{sortKey(entry), entry}
		}
		slices.SortStableFunc(entries, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
		for i, e := range entries {
			list[i] = e.entry
		}
	}
}

type keyed struct {
	key   string
	entry map[string]any
}

// isEntityList tells the snis of a certificate from those of a route.
func (e *exporter) isEntityList(name string, list []any) bool {
	if _, ok := list[0].(map[string]any); !ok {
		return false
	}
	return e.types.Named(name) != nil || name == customEntities || name == "groups" || name == entity.ConsumerGroupMember.Name || name == "plugins_partials"
}

func sortKey(entry map[string]any) string {
	name := cmp.Or(jsonvalue.Text(entry["name"]), jsonvalue.Text(entry["username"]), jsonvalue.Text(entry["prefix"]), jsonvalue.Text(entry["target"]))
	content := entry
	if name != "" && entry["id"] != nil {
		content = maps.Clone(entry)
		delete(content, "id")
	}
	return name + "\x00" + string(emit(nil, content))
}
