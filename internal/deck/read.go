package deck

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// File is what a text holds, not judged yet.
type File struct {
	// ControlPlane is the name or id in _konnect, or "".
	ControlPlane string
	// Info is what the file says of itself.
	Info

	types    entity.Table
	items    []*item
	members  []*membershipItem
	links    []*linkItem
	problems Problems
}

// item is an entity of a file.
type item struct {
	typ    *entity.Type
	path   string
	node   *node
	doc    map[string]any // without its references
	refs   []*reference
	parent *item // what it is nested below, or nil
	under  string

	id       string
	plugin   *plugins.Plugin // of a custom or cloned plugin
	complete map[string]any  // as the schema completes it
	existing map[string]any  // the entity that it becomes, or nil
}

// reference is a foreign key of an item.
type reference struct {
	field  string
	target string // name of the type
	at     position
	key    string         // id or name
	by     string         // field that key is of, or "" for an id or the usual name
	extra  map[string]any // what else a link to a partial says
	list   bool           // one of several
	item   *item          // what the file has of it, or nil
	id     string
}

// position is where something stands.
type position struct {
	line int
	path string
}

// membershipItem says that a consumer is in a group.
type membershipItem struct {
	position

	consumer, group *reference
	side            *entity.Type // below which it stands, or nil
}

// linkItem says that a plugin takes a partial, in a list of its own.
type linkItem struct {
	position

	plugin, partial *reference
	path            any
}

// versions are the formats that are read. They differ in what decK and
// gateways do on reading, not in the form.
var versions = []string{"1.1", "2.1", "3.0"}

// Read reads a file, JSON or YAML, with entities of the given types.
// Placeholders take values from env. The tags are selected, as if the file did.
// The error is [Problems].
func Read(types entity.Table, content []byte, env func(string) (value string, set bool), selectTags ...string) (*File, error) {
	text := newPlaceholders(content)
	root, err := parse(text.marked)
	if err != nil {
		return nil, err
	}
	if root.kind != mapNode {
		return nil, syntax(root.line, "a configuration is a mapping that begins with _format_version, not %s", root.what())
	}
	r := &reader{file: &File{types: types.Core()}, defaults: map[string]*node{}}
	r.fill(root, text, env)
	r.file.SelectTags = selectTags
	r.head(root)
	for _, m := range root.members {
		r.collection(m)
	}
	if len(r.file.problems) > 0 {
		return nil, r.file.problems
	}
	return r.file, nil
}

// reader makes a file of nodes.
type reader struct {
	file     *File
	defaults map[string]*node // by the singular name of a type
	configs  *node            // _plugin_configs
}

func (r *reader) problem(line int, path, format string, args ...any) {
	r.file.problems = append(r.file.problems, Problem{Line: line, Path: path, Message: fmt.Sprintf(format, args...)})
}

// head reads the entries about the file itself.
func (r *reader) head(root *node) {
	version := root.get("_format_version")
	if version == nil {
		r.problem(1, "_format_version", `is missing; write _format_version: "3.0"`)
	} else if v := fmt.Sprint(version.scalar); version.kind != scalarNode || !slices.Contains(versions, v) {
		r.problem(version.line, "_format_version", "must be one of %s", strings.Join(versions, ", "))
	}
	r.konnect(root.get("_konnect"))
	if transform := root.get("_transform"); transform != nil {
		value, ok := transform.scalar.(bool)
		if !ok {
			r.problem(transform.line, "_transform", "must be true or false, not %s", transform.what())
		}
		r.file.Hashed = ok && !value
	}
	r.configs = root.get("_plugin_configs")
	if w := root.get("_workspace"); !w.isNull() && w.scalar != "default" {
		r.problem(w.line, "_workspace", "only gateways have workspaces; a control plane is all that the workspace default is, so remove it or write default")
	}
	r.info(root.get("_info"))
}

// elements returns those of a list; null is an empty one.
func (r *reader) elements(n *node, path string) []*node {
	if n.isNull() {
		return nil
	}
	if n.kind != listNode {
		r.problem(n.line, path, "must be a list, not %s", n.what())
		return nil
	}
	return n.list
}

// headNames are the names at the top that are no collections.
var headNames = []string{"_format_version", "_transform", "_info", "_konnect", "_workspace", "_comment", "_ignore", "_plugin_configs"}

// Lists that gateways without a database have, and decK has not.
const (
	groupPlugins = "consumer_group_plugins"
	partialLinks = "plugins_partials"
)

func (r *reader) collection(m member) {
	switch {
	case slices.Contains(headNames, m.name):
	case m.name == entity.ConsumerGroupMember.Name:
		for i, n := range r.elements(m.value, m.name) {
			r.flatMember(n, fmt.Sprintf("%s[%d]", m.name, i))
		}
	case m.name == partialLinks:
		for i, n := range r.elements(m.value, m.name) {
			r.flatLink(n, fmt.Sprintf("%s[%d]", m.name, i))
		}
	case m.name == groupPlugins:
		r.entities(entity.Plugin, m.value, m.name, nil)
	case m.name == customEntities:
		for i, n := range r.elements(m.value, m.name) {
			r.customEntity(n, fmt.Sprintf("%s[%d]", m.name, i))
		}
	case r.file.types.Named(m.name) != nil:
		r.entities(r.file.types.Named(m.name), m.value, m.name, nil)
	case gatewayOnly[m.name] != "":
		r.gatewayOnly(m, m.name)
	default:
		r.problem(m.line, m.name, "%s", unknown(m.name, r.collectionNames()))
	}
}

func (r *reader) collectionNames() []string {
	names := []string{entity.ConsumerGroupMember.Name, groupPlugins, partialLinks, customEntities}
	for _, t := range r.file.types {
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return append(names, headNames...)
}

func unknown(name string, known []string) string {
	if near := schema.Nearest(name, known); near != "" {
		return fmt.Sprintf("unknown field; did you mean %q?", near)
	}
	return "unknown field"
}

// entities reads a list of entities.
func (r *reader) entities(typ *entity.Type, n *node, path string, parent *item) {
	for i, e := range r.elements(n, path) {
		r.entity(typ, e, fmt.Sprintf("%s[%d]", path, i), parent)
	}
}

func (r *reader) entity(typ *entity.Type, n *node, path string, parent *item) {
	if name, ok := n.text(); ok && typ == entity.SNI && parent != nil {
		n = &node{line: n.line, kind: mapNode, members: []member{{"name", n.line, &node{line: n.line, scalar: name}}}}
	}
	if n.kind != mapNode {
		r.problem(n.line, path, "must be a mapping, not %s", n.what())
		return
	}
	it := &item{typ: typ, path: path, node: n, doc: map[string]any{}, parent: parent}
	if parent != nil {
		it.under = parentField(typ, parent.typ)
		it.refs = append(it.refs, &reference{field: it.under, target: parent.typ.Name, at: position{n.line, path}, item: parent})
	}
	r.file.items = append(r.file.items, it)
	for _, m := range n.members {
		r.field(it, m)
	}
	r.complete(it)
	if typ == entity.Plugin && parent != nil && parent.typ == entity.ConsumerGroup && r.file.PolicyOverrides {
		r.problem(n.line, path, "with consumer_group_policy_overrides this is a policy override, which only gateways have; a control plane has plugins of groups: remove that option, and write all of the plugin's config")
	}
}

// field reads one entry of an entity: what is nested below it, a foreign key,
// or a plain field.
func (r *reader) field(it *item, m member) {
	path := it.path + "." + m.name
	if child := r.file.types.Named(m.name); child != nil && parentField(child, it.typ) != "" {
		r.entities(child, m.value, path, it)
		return
	}
	for _, ref := range references(it.typ) {
		if ref.Field == m.name {
			r.foreign(it, ref, m.value, path)
			return
		}
	}
	switch {
	case m.name == "_comment", m.name == "_ignore":
	case gatewayOnly[m.name] != "" && it.typ.Schema().Field(m.name) == nil:
		r.gatewayOnly(m, path)
	case m.name == "_config" && it.typ == entity.Plugin:
		r.shared(m.value, path)
	case m.name == "groups" && it.typ == entity.Consumer:
		r.nestedMembers(it, m.value, path, entity.ConsumerGroup)
	case m.name == "consumers" && it.typ == entity.ConsumerGroup:
		r.nestedMembers(it, m.value, path, entity.Consumer)
	case m.name == groupPlugins && it.typ == entity.ConsumerGroup:
		r.entities(entity.Plugin, m.value, path, it)
	case m.name != "id" && slices.Contains(it.typ.Computed, m.name), m.value.isNull():
	default:
		it.doc[m.name] = m.value.value()
	}
}

// shared finds the configuration that several plugins share.
func (r *reader) shared(n *node, path string) {
	name, _ := n.text()
	if config := r.configs.get(name); config == nil || config.kind != mapNode {
		r.problem(n.line, path, "_plugin_configs has no such configuration")
	}
}

// under returns a value that takes what it lacks from another one, at every
// level.
func under(top, below map[string]any) map[string]any {
	out := maps.Clone(below)
	for name, v := range top {
		inner, ok := v.(map[string]any)
		lower, both := below[name].(map[string]any)
		if ok && both {
			v = under(inner, lower)
		}
		out[name] = v
	}
	return out
}

// complete adds what the head of the file gives to each entity.
func (r *reader) complete(it *item) {
	if name, ok := it.node.get("_config").text(); ok && it.typ == entity.Plugin {
		if config := r.configs.get(name); config != nil && config.kind == mapNode {
			own, _ := it.doc["config"].(map[string]any)
			it.doc["config"] = under(own, config.value().(map[string]any))
		}
	}
	if d := r.defaults[it.typ.Singular]; d != nil {
		it.doc = under(it.doc, d.value().(map[string]any))
	}
	if !isTagged(it.typ) || len(r.file.SelectTags) == 0 {
		return
	}
	tags, _ := it.doc["tags"].([]any)
	if it.doc["tags"] != nil && tags == nil {
		return // the schema will refuse it
	}
	for _, tag := range r.file.SelectTags {
		if !slices.Contains(tags, any(tag)) {
			tags = append(tags, tag)
		}
	}
	it.doc["tags"] = tags
}

// isTagged says whether entities of a type can have tags.
func isTagged(t *entity.Type) bool { return t.Schema().Field("tags") != nil }

// foreign reads a foreign key: an id or a name, by itself or in a mapping.
func (r *reader) foreign(it *item, ref entity.Reference, n *node, path string) {
	if n.isNull() {
		return
	}
	if n.kind == listNode {
		for i, e := range n.list {
			r.foreign1(it, ref, e, fmt.Sprintf("%s[%d]", path, i), true)
		}
		return
	}
	r.foreign1(it, ref, n, path, false)
}

func (r *reader) foreign1(it *item, ref entity.Reference, n *node, path string, list bool) {
	made := r.reference(ref.Field, ref.Target, n, path)
	if made == nil {
		return
	}
	made.list = list
	it.refs = append(it.refs, made)
}

// reference reads what names an entity.
func (r *reader) reference(field, target string, n *node, path string) *reference {
	made := &reference{field: field, target: target, at: position{n.line, path}}
	if key, ok := n.text(); ok && key != "" {
		made.key = key
		return made
	}
	if n.kind != mapNode {
		r.problem(n.line, path, "must be the id or name of an entity of %s, not %s", target, n.what())
		return nil
	}
	by := handle(r.file.types.Named(target))
	for _, m := range n.members {
		key, isText := m.value.text()
		switch {
		case m.value.isNull():
		case m.name == "id" && isText:
			made.key, made.by = key, ""
		case (m.name == by || m.name == "name") && isText:
			if made.key == "" || made.by != "" {
				made.key, made.by = key, ""
			}
		case field == memberField && isText && isUnique(r.file.types.Named(target), m.name):
			if made.key == "" {
				made.key, made.by = key, m.name
			}
		case field == "partials" && m.name == "path" && isText:
			made.extra = map[string]any{"path": key}
		case field == memberField && slices.Contains(describing, m.name): // of the other one itself, as decK writes it
		default:
			r.problem(m.line, path+"."+m.name, "unknown field; a reference has an id or a name")
			return nil
		}
	}
	if made.key == "" {
		r.problem(n.line, path, "must have an id or a name")
		return nil
	}
	return made
}

// memberField is the field of references within lists of members, and
// describing is what these may say besides: decK writes it and never reads it.
const memberField = "groups"

var describing = []string{"tags", "created_at", "updated_at"}

// isUnique says whether a field of its own tells an entity from others.
func isUnique(t *entity.Type, field string) bool {
	return slices.ContainsFunc(t.Unique, func(u entity.Unique) bool { return len(u.Fields) == 1 && u.Fields[0] == field })
}

func (r *reader) nestedMembers(it *item, n *node, path string, other *entity.Type) {
	for i, e := range r.elements(n, path) {
		at := position{e.line, fmt.Sprintf("%s[%d]", path, i)}
		named := r.reference(memberField, other.Name, e, at.path)
		if named == nil {
			continue
		}
		own := &reference{target: it.typ.Name, at: at, item: it}
		m := &membershipItem{position: at, consumer: own, group: named, side: it.typ}
		if other == entity.Consumer {
			m.consumer, m.group = named, own
		}
		r.file.members = append(r.file.members, m)
	}
}

// pair reads two references that stand side by side.
func (r *reader) pair(n *node, path string, fields, targets [2]string, more ...string) (a, b *reference) {
	if n.kind != mapNode {
		r.problem(n.line, path, "must be a mapping, not %s", n.what())
		return nil, nil
	}
	for _, m := range n.members {
		switch {
		case m.name == fields[0]:
			a = r.reference(fields[0], targets[0], m.value, path+"."+m.name)
		case m.name == fields[1]:
			b = r.reference(fields[1], targets[1], m.value, path+"."+m.name)
		case !slices.Contains(append(more, "id", "_comment", "_ignore", "created_at", "updated_at"), m.name):
			r.problem(m.line, path+"."+m.name, "%s", unknown(m.name, append(more, fields[:]...)))
		}
	}
	for _, f := range fields {
		if n.get(f) == nil {
			r.problem(n.line, path+"."+f, "required field missing")
		}
	}
	return a, b
}

func (r *reader) flatMember(n *node, path string) {
	consumer, group := r.pair(n, path, [2]string{"consumer", "consumer_group"}, [2]string{entity.Consumer.Name, entity.ConsumerGroup.Name})
	if consumer != nil && group != nil {
		r.file.members = append(r.file.members, &membershipItem{position: position{n.line, path}, consumer: consumer, group: group})
	}
}

func (r *reader) flatLink(n *node, path string) {
	plugin, partial := r.pair(n, path, [2]string{"plugin", "partial"}, [2]string{entity.Plugin.Name, entity.Partial.Name}, "path")
	if plugin == nil || partial == nil {
		return
	}
	link := &linkItem{position: position{n.line, path}, plugin: plugin, partial: partial}
	if at := n.get("path"); !at.isNull() {
		link.path = at.value()
	}
	r.file.links = append(r.file.links, link)
}
