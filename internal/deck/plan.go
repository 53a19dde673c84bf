package deck

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Schemas are those that the table of entities does not have.
type Schemas struct {
	// Plugin finds a plugin of a control plane; nil means that it has none of
	// that name.
	Plugin func(ctx context.Context, t *Target, name string) (*plugins.Plugin, error)
	// Partial finds the schema of a kind of partials, or nil.
	Partial func(kind string) (*schema.Schema, error)
	// Streamed reads a custom plugin by the Lua texts of its schema and its
	// handler.
	Streamed func(ctx context.Context, schema, handler string) (*plugins.Plugin, error)
	// Clone returns a bundled plugin under another name.
	Clone func(name, ref string) (*plugins.Plugin, error)
}

// Plan is what has to be done to a control plane.
type Plan struct {
	Steps []Step

	target *Target
	types  entity.Table
	hashed bool // passwords are
}

// Action is what a step does.
type Action string

// The actions of steps.
const (
	Create Action = "create"
	Update Action = "update"
	Keep   Action = "keep" // is as the file says
	Delete Action = "delete"
)

// Step is what has to be done about one entity.
type Step struct {
	Action Action
	Type   *entity.Type
	ID     string
	Label  string // how people name it
	Line   int
	Path   string
	// Before is what the control plane holds, After what it is to hold; nil where
	// there is nothing.
	Before, After map[string]any

	body  map[string]any
	below string // id of the entity that its collection belongs to, or ""
}

// Plan judges all of a file and compares it with what the control plane holds.
// Nothing is written. What the file lacks stays as it is. The error is
// [Problems], or that of a request.
func (f *File) Plan(ctx context.Context, t *Target, schemas Schemas) (*Plan, error) {
	return f.plan(ctx, t, schemas, false)
}

// Sync is like Plan, but what the file lacks is deleted, memberships too. If
// the file selects tags, only what has all of them counts, and the rest is
// neither changed nor deleted.
func (f *File) Sync(ctx context.Context, t *Target, schemas Schemas) (*Plan, error) {
	return f.plan(ctx, t, schemas, true)
}

func (f *File) plan(ctx context.Context, t *Target, schemas Schemas, sync bool) (*Plan, error) {
	s, err := t.state(ctx, f.types, schemas)
	if err != nil {
		return nil, err
	}
	p := &matcher{target: t, state: s, schemas: schemas, file: f, sync: sync, lookedUp: map[identity]bool{}, ids: map[identity]*item{}, names: map[identity]*item{}, claims: map[uniqueKey]*item{},
		plugins: map[string]*plugins.Plugin{}}
	p.index()
	judged := 0
	for _, typ := range f.types {
		for _, it := range f.items {
			if it.typ != typ {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			t.progress("entities judged", judged, len(f.items))
			judged++
			if err := p.match(ctx, it); err != nil {
				return nil, err
			}
		}
	}
	plan := &Plan{target: t, types: f.types, hashed: f.Hashed}
	for _, typ := range f.types {
		for _, it := range f.items {
			if it.typ == typ {
				plan.Steps = append(plan.Steps, p.step(it))
			}
		}
	}
	plan.Steps = append(plan.Steps, p.members()...)
	if sync {
		first, last := p.prune()
		plan.Steps = slices.Concat(first, plan.Steps, last)
	}
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Line - b.Line })
		return nil, slices.Compact(p.problems)
	}
	return plan, nil
}

// matcher finds for every entity of a file the one of the control plane that it
// becomes.
type matcher struct {
	target   *Target
	state    *state
	schemas  Schemas
	file     *File
	ids      map[identity]*item   // of the file, by the ids that it gives
	names    map[identity]*item   // and by their names
	existing map[identity]string  // ids of the control plane's entities, by their names
	unique   map[uniqueKey]string // and by what is unique about them
	claims   map[uniqueKey]*item
	plugins  map[string]*plugins.Plugin // those that were asked for
	problems Problems

	sync      bool
	lookedUp  map[identity]bool // entities that the file refers to and lacks
	conflicts []conflict        // which a deletion may solve
}

// uniqueKey is what nothing else of a type may have.
type uniqueKey struct{ typ, index, key string }

func (p *matcher) problem(at position, format string, args ...any) {
	p.problems = append(p.problems, Problem{Line: at.line, Path: at.path, Message: fmt.Sprintf(format, args...)})
}

// index notes what the file and the control plane hold, so that references
// find it.
func (p *matcher) index() {
	for _, it := range p.file.items {
		if id := jsonvalue.Text(it.doc["id"]); id != "" {
			p.ids[identity{it.typ.Name, strings.ToLower(id)}] = it
		}
		if name := jsonvalue.Text(it.doc[handle(it.typ)]); name != "" {
			p.names[identity{it.typ.Name, name}] = it
		}
	}
	p.existing, p.unique = map[identity]string{}, map[uniqueKey]string{}
	for _, typ := range p.file.types {
		for _, doc := range p.state.docs[typ.Name] {
			id := jsonvalue.Text(doc["id"])
			if name := jsonvalue.Text(doc[handle(typ)]); name != "" {
				p.existing[identity{typ.Name, name}] = id
			}
			for _, u := range typ.Unique {
				if values, ok := u.Key(doc); ok {
					p.unique[uniqueKey{typ.Name, u.Name, values}] = id
				}
			}
		}
	}
	for _, link := range p.file.links {
		p.attach(link)
	}
}

// attach makes a link of a list part of its plugin.
func (p *matcher) attach(link *linkItem) {
	it := p.ids[identity{entity.Plugin.Name, strings.ToLower(link.plugin.key)}]
	if it == nil {
		for _, other := range p.file.items {
			if other.typ == entity.Plugin && jsonvalue.Text(other.doc["instance_name"]) == link.plugin.key {
				it = other
			}
		}
	}
	if it == nil {
		p.problem(link.plugin.at, "there is no plugin of this id or instance_name in the file")
		return
	}
	link.partial.field, link.partial.list = "partials", true
	if link.path != nil {
		link.partial.extra = map[string]any{"path": link.path}
	}
	it.refs = append(it.refs, link.partial)
}

// match resolves an entity's references, judges it and finds out which entity
// it becomes.
func (p *matcher) match(ctx context.Context, it *item) error {
	here := position{it.node.line, it.path}
	resolved := true
	for _, ref := range it.refs {
		resolved = p.resolve(ref) && resolved
	}
	if !resolved {
		return nil
	}
	p.fillIn(it)
	if id, given := it.doc["id"]; given && !schema.IsUUID(jsonvalue.Text(id)) {
		p.problem(p.placeOf(it, schema.Path{schema.Key("id")}), "expected a valid UUID")
		return nil
	}
	ok, err := p.check(ctx, it)
	if err != nil || !ok {
		return err
	}
	p.identify(it, here)
	return nil
}

// resolve finds the target of a reference in the file or on the control plane.
func (p *matcher) resolve(ref *reference) bool {
	if ref.item == nil {
		ref.item = p.itemOf(ref)
	}
	if ref.item != nil {
		ref.id = ref.item.id
		return ref.id != "" // or there is something else to complain of
	}
	id := p.lookUp(ref)
	doc := p.state.byID[identity{ref.target, id}]
	switch tags := p.file.LookupTags[ref.target]; {
	case doc == nil:
		p.problem(ref.at, "neither the file nor the control plane has an entity of %s with this id or name", ref.target)
	case !hasTags(doc, tags):
		p.problem(ref.at, "the file has none of %s with this id or name, and that of the control plane lacks a tag of default_lookup_tags: %s", ref.target, strings.Join(tags, ", "))
	case p.sync && tags == nil && p.inScope(p.file.types.Named(ref.target), doc):
		p.problem(ref.at, "the file lacks this entity of %s, so that it would be deleted: add it, or name its tags in default_lookup_tags", ref.target)
	default:
		ref.id, p.lookedUp[identity{ref.target, id}] = id, true
		return true
	}
	return false
}

// itemOf returns the entity of the file that a reference means, or nil.
func (p *matcher) itemOf(ref *reference) *item {
	if ref.by == "" {
		return cmp.Or(p.ids[identity{ref.target, strings.ToLower(ref.key)}], p.names[identity{ref.target, ref.key}])
	}
	for _, it := range p.file.items {
		if it.typ.Name == ref.target && it.doc[ref.by] == ref.key {
			return it
		}
	}
	return nil
}

// lookUp returns the id of the control plane's entity that a reference means,
// or any other text.
func (p *matcher) lookUp(ref *reference) string {
	switch id := strings.ToLower(ref.key); {
	case ref.by != "":
		return p.unique[uniqueKey{ref.target, ref.by, ref.key}]
	case p.state.byID[identity{ref.target, id}] != nil:
		return id
	}
	return p.existing[identity{ref.target, ref.key}]
}

// hasTags says whether an entity has all of the tags.
func hasTags(doc map[string]any, tags []string) bool {
	has, _ := doc["tags"].([]any)
	return !slices.ContainsFunc(tags, func(tag string) bool { return !slices.Contains(has, any(tag)) })
}

// fillIn writes the references of an entity into it, as the API has them.
func (p *matcher) fillIn(it *item) {
	lists := map[string][]any{}
	for _, ref := range it.refs {
		switch {
		case ref.field == "partials":
			link := map[string]any{"id": ref.id}
			if ref.extra != nil {
				link["path"] = ref.extra["path"]
			}
			lists[ref.field] = append(lists[ref.field], link)
		case ref.list:
			lists[ref.field] = append(lists[ref.field], ref.id)
		default:
			p.fillOne(it, ref)
		}
	}
	for field, list := range lists {
		it.doc[field] = list
	}
}

func (p *matcher) fillOne(it *item, ref *reference) {
	if before := idOf(it.doc[ref.field]); before != "" && before != ref.id {
		p.problem(ref.at, "names another %s than the one it stands below", ref.field)
	}
	it.doc[ref.field] = map[string]any{"id": ref.id}
}

// check judges an entity by its schema.
func (p *matcher) check(ctx context.Context, it *item) (bool, error) {
	doc := schema.Copy(it.doc).(map[string]any)
	if it.typ.Normalize != nil {
		it.typ.Normalize(doc)
	}
	sc := it.typ.Schema()
	switch it.typ {
	case entity.Route:
		sc, doc = entity.RouteForm(doc)
		_, it.doc = entity.RouteForm(it.doc)
	case entity.CustomPlugin:
		if !p.streamed(ctx, it) {
			return false, nil
		}
	case entity.ClonedPlugin:
		p.readClone(it)
	case entity.Partial:
		kind, err := p.schemas.Partial(jsonvalue.Text(doc["type"]))
		if err != nil {
			return false, err
		}
		sc = cmp.Or(kind, sc) // the general schema refuses an unknown kind
	case entity.Plugin:
		plugin, err := p.plugin(ctx, it)
		if err != nil || plugin == nil {
			return false, err
		}
		sc = plugin.Schema
		if !p.graft(it, plugin, doc) {
			return false, nil
		}
	}
	complete, errs := sc.Check(ctx, doc, schema.Insert, unmade)
	if errs != nil {
		for _, v := range errs.Violations() {
			message := v.Message
			if near := nearest(v); near != "" {
				message += fmt.Sprintf("; did you mean %q?", near)
			}
			p.problem(p.placeOf(it, v.Path), "%s", message)
		}
		return false, nil
	}
	it.complete = complete
	return true, nil
}

// unmade leaves values open that the server makes: those that it made before
// stay.
var unmade = schema.Auto{Random: func() any { return schema.Unknown }}

func nearest(v *schema.Violation) string {
	if len(v.Known) == 0 || len(v.Path) == 0 {
		return ""
	}
	return schema.Nearest(v.Path[len(v.Path)-1].Name, v.Known)
}

// plugin finds the schema of a plugin, once for each.
func (p *matcher) plugin(ctx context.Context, it *item) (*plugins.Plugin, error) {
	name, ok := it.doc["name"].(string)
	at := p.placeOf(it, schema.Path{schema.Key("name")})
	if !ok || name == "" {
		p.problem(at, "must be the name of a plugin")
		return nil, nil
	}
	own := cmp.Or(p.names[identity{entity.CustomPlugin.Name, name}], p.names[identity{entity.ClonedPlugin.Name, name}])
	if own != nil && own.plugin == nil {
		return nil, nil // there is something else to complain of
	} else if own != nil {
		return own.plugin, nil
	}
	found, known := p.plugins[name]
	if !known {
		var err error
		if found, err = p.schemas.Plugin(ctx, p.target, name); err != nil {
			return nil, err
		}
		p.plugins[name] = found
	}
	if found == nil {
		p.problem(at, "the control plane has no plugin %q; upload the schema of a custom plugin first", name)
	}
	return found, nil
}

// streamed reads the schema of a custom plugin, for the plugins of the file that
// are such.
func (p *matcher) streamed(ctx context.Context, it *item) bool {
	source, isText := it.doc["schema"].(string)
	handler, both := it.doc["handler"].(string)
	if !isText || !both {
		return true // the schema of custom plugins refuses it
	}
	plugin, err := p.schemas.Streamed(ctx, source, handler)
	switch {
	case err != nil:
		p.problem(p.placeOf(it, schema.Dotted("schema")), "%s", err)
	case plugin.Name != it.doc["name"]:
		p.problem(p.placeOf(it, schema.Dotted("schema")), "the Lua text names the plugin %q, which must be the same as name", plugin.Name)
	default:
		it.plugin = plugin
	}
	return it.plugin != nil
}

// graft leaves open what a partial supplies.
func (p *matcher) graft(it *item, plugin *plugins.Plugin, doc map[string]any) bool {
	links, _ := doc["partials"].([]any)
	for i, l := range links {
		here := position{it.node.line, fmt.Sprintf("%s.partials[%d]", it.path, i)}
		link, _ := l.(map[string]any)
		text := jsonvalue.Text(link["path"])
		if text == "" {
			fits := p.fits(plugin, idOf(link))
			if len(fits) != 1 {
				p.problem(here, "a path is needed, or the plugin takes no such partial")
				return false
			}
			text = fits[0]
		}
		path, err := schema.ParsePath(text)
		if err != nil {
			p.problem(here, "%s", err)
			return false
		}
		leaveOpen(doc, path)
	}
	return true
}

// fits are the places of a plugin that a partial can take.
func (p *matcher) fits(plugin *plugins.Plugin, id string) []string {
	partial := p.state.byID[identity{entity.Partial.Name, id}]
	for _, it := range p.file.items {
		if it.typ == entity.Partial && it.id == id {
			partial = it.doc
		}
	}
	return plugin.PartialPlaces(jsonvalue.Text(partial["type"]))
}

// leaveOpen makes a value of a configuration unknown, unless something is
// there. Of a list, all of it is.
func leaveOpen(doc map[string]any, path schema.Path) {
	for i, step := range path {
		if !step.IsKey() {
			path[:i].Set(doc, schema.Unknown)
			return
		}
	}
	if path.Get(doc) == nil {
		path.Set(doc, schema.Unknown)
	}
}

// identify finds the entity of the control plane that this one becomes, by its
// id or by its unique values, and reports others that claim the same.
func (p *matcher) identify(it *item, here position) {
	id := strings.ToLower(jsonvalue.Text(it.doc["id"]))
	if id != "" && !p.claim(it, here, "id", id) {
		return
	}
	for _, u := range it.typ.Unique {
		values, ok := u.Key(it.complete)
		if !ok {
			continue
		}
		if !p.claim(it, here, strings.Join(u.Fields, ", "), values) {
			return
		}
		switch existing := p.unique[uniqueKey{it.typ.Name, u.Name, values}]; {
		case existing == "":
		case id == "":
			id = existing
		case id != existing:
			c := conflict{here, it.typ, u.Fields, existing}
			if !p.sync {
				p.refuse(c)
				return
			}
			p.conflicts = append(p.conflicts, c)
		}
	}
	if id == "" {
		id = p.target.newID(it.path)
	}
	it.id, it.existing = id, p.state.byID[identity{it.typ.Name, id}]
	if p.isOthers(it) {
		p.problem(here, "the control plane has it without the tags that the file selects: somebody else keeps it")
	}
	if it.existing != nil {
		p.unchanged(it)
		carry(it.complete, it.doc, it.existing)
	}
}

// carry takes over values that were left open: those that the server made for
// the existing entity, or that a partial supplies.
func carry(complete, doc, existing map[string]any) {
	for name, v := range complete {
		theirs := existing[name]
		if schema.IsUnknown(v) {
			complete[name] = theirs
			if theirs != nil {
				doc[name] = theirs
			}
			continue
		}
		inner, ok := v.(map[string]any)
		below, both := theirs.(map[string]any)
		if !ok || !both || !schema.HasUnknown(inner) {
			continue
		}
		given, ok := doc[name].(map[string]any)
		if !ok {
			given = map[string]any{}
			doc[name] = given
		}
		carry(inner, given, below)
	}
}

// claim notes that an entity of the file has values that are unique.
func (p *matcher) claim(it *item, here position, index, values string) bool {
	key := uniqueKey{it.typ.Name, index, values}
	if first := p.claims[key]; first != nil {
		p.problem(here, "has the same %s as %s in line %d", index, first.path, first.node.line)
		return false
	}
	p.claims[key] = it
	return true
}

// placeOf finds the line of a part of an entity, or of the value that should
// hold it.
func (p *matcher) placeOf(it *item, path schema.Path) position {
	at := position{it.node.line, append(schema.Path{schema.Key(it.path)}, path...).String()}
	n := it.node
	for _, step := range path {
		n = descend(n, step, &at.line)
	}
	return at
}

// descend follows a step, if the file has it.
func descend(n *node, step schema.Step, line *int) *node {
	switch {
	case n == nil:
	case step.Name == "" && step.Index < len(n.list):
		n = n.list[step.Index]
		*line = n.line
		return n
	case step.Name != "":
		for _, m := range n.members {
			if m.name == step.Name {
				*line = m.line
				return m.value
			}
		}
	}
	return nil
}
