package deck

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
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
}

// Plan is what has to be done to a control plane.
type Plan struct {
	Steps []Step

	target *Target
}

// Action is what a step does.
type Action string

// The actions of steps.
const (
	Create Action = "create"
	Update Action = "update"
	Keep   Action = "keep" // is as the file says
)

// Step is what has to be done about one entity.
type Step struct {
	Action Action
	Type   *entity.Type
	ID     string
	Label  string // how people name it
	Line   int
	Path   string

	body  map[string]any
	below string // id of what its collection is below, or ""
}

// Plan judges all of a file and compares it with what the control plane
// holds. Nothing is written. The error is [Problems], or that of asking.
func (f *File) Plan(ctx context.Context, t *Target, schemas Schemas) (*Plan, error) {
	s, err := t.state(ctx)
	if err != nil {
		return nil, err
	}
	p := &planner{target: t, state: s, schemas: schemas, file: f, ids: map[place]*item{}, names: map[place]*item{}, taken: map[taken]*item{},
		plugins: map[string]*plugins.Plugin{}}
	p.index()
	for _, typ := range types {
		for _, it := range f.items {
			if it.typ != typ {
				continue
			}
			if err := p.settle(ctx, it); err != nil {
				return nil, err
			}
		}
	}
	plan := &Plan{target: t}
	for _, typ := range types {
		for _, it := range f.items {
			if it.typ == typ {
				plan.Steps = append(plan.Steps, p.step(it))
			}
		}
	}
	plan.Steps = append(plan.Steps, p.members()...)
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Line - b.Line })
		return nil, slices.Compact(p.problems)
	}
	return plan, nil
}

// planner compares a file with a control plane.
type planner struct {
	target   *Target
	state    *state
	schemas  Schemas
	file     *File
	ids      map[place]*item  // of the file, by the ids that it gives
	names    map[place]*item  // and by their names
	existing map[place]string // ids of the control plane's entities, by their names
	unique   map[taken]string // and by what is unique about them
	taken    map[taken]*item
	plugins  map[string]*plugins.Plugin // those that were asked for
	problems Problems
}

// taken is a set of values that nothing else of a type may have.
type taken struct{ typ, index, values string }

func (p *planner) problem(at valuePlace, format string, args ...any) {
	p.problems = append(p.problems, Problem{Line: at.line, Path: at.path, Message: fmt.Sprintf(format, args...)})
}

// index notes what the file and the control plane hold, so that references
// find it.
func (p *planner) index() {
	for _, it := range p.file.items {
		if id := text(it.doc["id"]); id != "" {
			p.ids[place{it.typ.Name, strings.ToLower(id)}] = it
		}
		if name := text(it.doc[handle(it.typ)]); name != "" {
			p.names[place{it.typ.Name, name}] = it
		}
	}
	p.existing, p.unique = map[place]string{}, map[taken]string{}
	for _, typ := range types {
		for _, doc := range p.state.docs[typ.Name] {
			id := text(doc["id"])
			if name := text(doc[handle(typ)]); name != "" {
				p.existing[place{typ.Name, name}] = id
			}
			for _, u := range typ.Unique {
				if values, ok := u.Key(doc); ok {
					p.unique[taken{typ.Name, u.Name, values}] = id
				}
			}
		}
	}
	for _, link := range p.file.links {
		p.attach(link)
	}
}

// attach makes a link of a list part of its plugin.
func (p *planner) attach(link *linkItem) {
	it := p.ids[place{entity.Plugin.Name, strings.ToLower(link.plugin.key)}]
	if it == nil {
		for _, other := range p.file.items {
			if other.typ == entity.Plugin && text(other.doc["instance_name"]) == link.plugin.key {
				it = other
			}
		}
	}
	if it == nil {
		p.problem(link.plugin.place, "there is no plugin of this id or instance_name in the file")
		return
	}
	link.partial.field, link.partial.list = "partials", true
	if link.path != nil {
		link.partial.extra = map[string]any{"path": link.path}
	}
	it.refs = append(it.refs, link.partial)
}

// settle resolves an entity's references, judges it and finds out which entity
// it becomes.
func (p *planner) settle(ctx context.Context, it *item) error {
	here := valuePlace{it.node.line, it.path}
	resolved := true
	for _, ref := range it.refs {
		resolved = p.resolve(ref) && resolved
	}
	if !resolved {
		return nil
	}
	p.fillIn(it)
	if id, given := it.doc["id"]; given && !isUUID(text(id)) {
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

// resolve finds what a reference leads to: in the file, or in the control
// plane.
func (p *planner) resolve(ref *reference) bool {
	if ref.item == nil {
		if ref.item = p.ids[place{ref.target, strings.ToLower(ref.key)}]; ref.item == nil {
			ref.item = p.names[place{ref.target, ref.key}]
		}
	}
	if ref.item != nil {
		ref.id = ref.item.id
		return ref.id != "" // or there is something else to complain of
	}
	if _, there := p.state.byID[place{ref.target, strings.ToLower(ref.key)}]; there {
		ref.id = strings.ToLower(ref.key)
		return true
	}
	if id := p.existing[place{ref.target, ref.key}]; id != "" {
		ref.id = id
		return true
	}
	p.problem(ref.place, "neither the file nor the control plane has an entity of %s with this id or name", ref.target)
	return false
}

// fillIn writes the references of an entity into it, as the API has them.
func (p *planner) fillIn(it *item) {
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

func (p *planner) fillOne(it *item, ref *reference) {
	if before := idOf(it.doc[ref.field]); before != "" && before != ref.id {
		p.problem(ref.place, "names another %s than the one it stands below", ref.field)
	}
	it.doc[ref.field] = map[string]any{"id": ref.id}
}

// check judges an entity by its schema.
func (p *planner) check(ctx context.Context, it *item) (bool, error) {
	doc := schema.Copy(it.doc).(map[string]any)
	if it.typ.Normalize != nil {
		it.typ.Normalize(doc)
	}
	sc := it.typ.Schema()
	switch it.typ {
	case entity.Partial:
		kind, err := p.schemas.Partial(text(doc["type"]))
		if err != nil {
			return false, err
		}
		sc = cmp.Or(kind, sc) // which complains of any other kind
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

// unmade leaves open what the server makes up: what it made before stays.
var unmade = schema.Auto{Random: func() any { return schema.Unknown }}

func nearest(v *schema.Violation) string {
	if len(v.Known) == 0 || len(v.Path) == 0 {
		return ""
	}
	return schema.Nearest(v.Path[len(v.Path)-1].Name, v.Known)
}

// plugin finds the schema of a plugin, once for each.
func (p *planner) plugin(ctx context.Context, it *item) (*plugins.Plugin, error) {
	name, ok := it.doc["name"].(string)
	at := p.placeOf(it, schema.Path{schema.Key("name")})
	if !ok || name == "" {
		p.problem(at, "must be the name of a plugin")
		return nil, nil
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

// graft leaves open what a partial supplies.
func (p *planner) graft(it *item, plugin *plugins.Plugin, doc map[string]any) bool {
	links, _ := doc["partials"].([]any)
	for i, l := range links {
		link, _ := l.(map[string]any)
		path, _ := link["path"].(string)
		if path == "" {
			fits := p.fits(plugin, idOf(link))
			if len(fits) != 1 {
				p.problem(valuePlace{it.node.line, fmt.Sprintf("%s.partials[%d]", it.path, i)}, "a path is needed, or the plugin takes no such partial")
				return false
			}
			path = fits[0]
		}
		open(doc, strings.Split(path, "."))
	}
	return true
}

// fits are the places of a plugin that a partial can take.
func (p *planner) fits(plugin *plugins.Plugin, id string) []string {
	partial := p.state.byID[place{entity.Partial.Name, id}]
	for _, it := range p.file.items {
		if it.typ == entity.Partial && it.id == id {
			partial = it.doc
		}
	}
	if plugin.Info == nil {
		return nil
	}
	return plugin.Info.Partials[text(partial["type"])]
}

// open makes a place in a configuration unknown, unless something is there.
func open(doc map[string]any, path []string) {
	for len(path) > 1 {
		if doc[path[0]] == nil {
			doc[path[0]] = map[string]any{}
		}
		next, ok := doc[path[0]].(map[string]any)
		if !ok {
			return
		}
		doc, path = next, path[1:]
	}
	if name, _, element := strings.Cut(path[0], "["); element {
		doc[name] = schema.Unknown
	} else if doc[path[0]] == nil {
		doc[path[0]] = schema.Unknown
	}
}

// identify finds the entity of the control plane that this one becomes, by its
// id or by what is unique about it, and what else claims the same.
func (p *planner) identify(it *item, here valuePlace) {
	id := strings.ToLower(text(it.doc["id"]))
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
		switch existing := p.unique[taken{it.typ.Name, u.Name, values}]; {
		case existing == "":
		case id == "":
			id = existing
		case id != existing:
			p.problem(here, "the control plane has another %s with the same %s, of the id %s", it.typ.Singular, strings.Join(u.Fields, ", "), existing)
			return
		}
	}
	if id == "" {
		id = uuid.NewString()
	}
	it.id, it.existing = id, p.state.byID[place{it.typ.Name, id}]
	if it.existing != nil {
		carry(it.complete, it.doc, it.existing)
	}
}

// carry takes over what was left open: what the server made up for the entity
// that is there, or what a partial supplies.
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
func (p *planner) claim(it *item, here valuePlace, index, values string) bool {
	key := taken{it.typ.Name, index, values}
	if first := p.taken[key]; first != nil {
		p.problem(here, "has the same %s as %s in line %d", index, first.path, first.node.line)
		return false
	}
	p.taken[key] = it
	return true
}

// placeOf finds the line of a part of an entity, or of what should hold it.
func (p *planner) placeOf(it *item, path schema.Path) valuePlace {
	at := valuePlace{it.node.line, it.path}
	n := it.node
	for _, step := range path {
		if step.Name == "" {
			at.path += "[" + strconv.Itoa(step.Index) + "]"
		} else {
			at.path += "." + step.Name
		}
		n = descend(n, step, &at.line)
	}
	return at
}

// descend follows a step, as far as the file goes along.
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
