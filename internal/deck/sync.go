package deck

import (
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// inScope says whether a synchronization may delete an entity that the file
// lacks: it has all tags that the file selects, and Konnect does not manage it
// itself. Plugins' definitions are in the scope of files that say so.
func (p *matcher) inScope(typ *entity.Type, doc map[string]any) bool {
	tags, _ := doc["tags"].([]any)
	if slices.ContainsFunc(tags, isManaged) || slices.Contains(definitions, typ) && !p.file.Definitions {
		return false
	}
	return p.state.selected(typ, doc, p.file.SelectTags)
}

// definitions are the types that define plugins.
var definitions = []*entity.Type{entity.CustomPlugin, entity.ClonedPlugin}

// existingDoc is an entity of the control plane.
type existingDoc struct {
	typ *entity.Type
	doc map[string]any
}

func (e existingDoc) identity() identity {
	return identity{e.typ.Name, jsonvalue.Text(e.doc["id"])}
}

// targets are the entities that one refers to: in its foreign keys, and what
// defines a plugin by its name.
func (p *matcher) targets(e existingDoc) []identity {
	var all []identity
	for _, r := range references(e.typ) {
		for _, id := range idsOf(e.doc[r.Field]) {
			if id != "" {
				all = append(all, identity{r.Target, id})
			}
		}
	}
	if e.typ == entity.Plugin {
		for _, typ := range definitions {
			if id := p.existing[identity{typ.Name, jsonvalue.Text(e.doc["name"])}]; id != "" {
				all = append(all, identity{typ.Name, id})
			}
		}
	}
	return all
}

// idsOf returns the ids that a foreign key holds.
func idsOf(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	ids := make([]string, len(list))
	for i, one := range list {
		ids[i] = idOf(one)
	}
	return ids
}

// all returns the control plane's entities, those that others refer to last.
func (p *matcher) all() []existingDoc {
	var all []existingDoc
	for _, typ := range slices.Backward(p.file.types) {
		for _, doc := range p.state.docs[typ.Name] {
			all = append(all, existingDoc{typ, doc})
		}
	}
	return all
}

// prune says what has to be deleted so that the control plane holds no more
// than the file, in the scope of that. What comes first has unique values that
// the file gives to another entity.
func (p *matcher) prune() (first, last []Step) {
	kept := p.keptEntities()
	doomed := map[identity]bool{}
	for _, e := range p.all() {
		if !kept[e.identity()] && p.inScope(e.typ, e.doc) {
			doomed[e.identity()] = true
		}
	}
	p.doomParts(kept, doomed)
	p.checkDoomed(kept, doomed)
	early := p.early(doomed)
	for _, e := range p.all() {
		switch id := e.identity(); {
		case early[id]:
			first = append(first, deletion(e))
		case doomed[id]:
			last = append(last, deletion(e))
		}
	}
	return first, append(p.leavings(doomed), last...)
}

// keptEntities are those that the file has or looks up.
func (p *matcher) keptEntities() map[identity]bool {
	kept := map[identity]bool{}
	for id := range p.lookedUp {
		kept[id] = true
	}
	for _, it := range p.file.items {
		kept[identity{it.typ.Name, it.id}] = true
	}
	return kept
}

// doomParts adds what exists only as a part of something else that is deleted,
// such as the credentials of a consumer.
func (p *matcher) doomParts(kept, doomed map[identity]bool) {
	for _, e := range p.all() {
		if !isNestedOnly(e.typ) && isTagged(e.typ) || kept[e.identity()] {
			continue
		}
		for _, r := range references(e.typ) {
			if slices.Contains(e.typ.NestedBelow, r.Target) && doomed[identity{r.Target, idOf(e.doc[r.Field])}] {
				doomed[e.identity()] = true
			}
		}
	}
}

// checkDoomed refuses to delete what something out of scope refers to: it would
// go as well, or the control plane would refuse.
func (p *matcher) checkDoomed(kept, doomed map[identity]bool) {
	for _, e := range p.all() {
		if doomed[e.identity()] || kept[e.identity()] && !p.lookedUp[e.identity()] {
			continue // what the file has gets the references of the file
		}
		for _, id := range p.targets(e) {
			if typ := p.file.types.Named(id.typ); doomed[id] {
				p.problem(position{}, "the file lacks the %s %s, but it cannot be deleted: the %s %s refers to it, and is not among what the file stands for",
					typ.Singular, labelOf(typ, p.state.byID[id]), e.typ.Singular, labelOf(e.typ, e.doc))
			}
		}
	}
}

// conflict is an entity of the file with a unique value of another one.
type conflict struct {
	position

	typ      *entity.Type
	fields   []string
	existing string // id of the other one
}

func (p *matcher) refuse(c conflict) {
	p.problem(c.position, "the control plane has another %s with the same %s, of the id %s", c.typ.Singular, strings.Join(c.fields, ", "), c.existing)
}

// early are the doomed entities that make place for others, and all that refer
// to them: those with a unique value that the file gives away, and clones, of
// which there can be few.
func (p *matcher) early(doomed map[identity]bool) map[identity]bool {
	early := map[identity]bool{}
	for _, c := range p.conflicts {
		if !p.goFirst(identity{c.typ.Name, c.existing}, doomed, early) {
			p.refuse(c)
		}
	}
	for _, doc := range p.state.docs[entity.ClonedPlugin.Name] {
		p.goFirst(identity{entity.ClonedPlugin.Name, jsonvalue.Text(doc["id"])}, doomed, early)
	}
	return early
}

// goFirst adds an entity with its referrers, unless one of these stays.
func (p *matcher) goFirst(id identity, doomed, early map[identity]bool) bool {
	found := map[identity]bool{}
	if !p.referrers(id, doomed, found) {
		return false
	}
	maps.Copy(early, found)
	return true
}

func (p *matcher) referrers(id identity, doomed, found map[identity]bool) bool {
	if found[id] {
		return true
	}
	if !doomed[id] {
		return false
	}
	found[id] = true
	for _, e := range p.all() {
		if slices.Contains(p.targets(e), id) && !p.referrers(e.identity(), doomed, found) {
			return false
		}
	}
	return true
}

func deletion(e existingDoc) Step {
	step := Step{Action: Delete, Type: e.typ, ID: jsonvalue.Text(e.doc["id"]), Label: labelOf(e.typ, e.doc), Before: e.doc}
	if e.typ.Flat != entity.ReadWrite {
		step.below = idOf(e.doc[parentOf(e.typ).Field])
	}
	return step
}

// leavings are memberships that the file does not have. They are in the scope
// of their consumer.
func (p *matcher) leavings(doomed map[identity]bool) []Step {
	told, ours := map[membership]bool{}, map[string]*item{}
	for _, m := range p.file.members {
		told[membership{m.group.id, m.consumer.id}] = true
	}
	for _, it := range p.file.items {
		if it.typ == entity.Consumer {
			ours[it.id] = it
		}
	}
	var steps []Step
	for m := range p.state.members {
		group := identity{entity.ConsumerGroup.Name, m.group}
		if told[m] || ours[m.consumer] == nil || doomed[group] {
			continue
		}
		steps = append(steps, Step{
			Action: Delete, Type: entity.ConsumerGroupMember, ID: m.consumer, below: m.group,
			Label: label(ours[m.consumer]) + " of " + labelOf(entity.ConsumerGroup, p.state.byID[group]),
		})
	}
	slices.SortFunc(steps, func(a, b Step) int { return strings.Compare(a.Label, b.Label) })
	return steps
}

// isOthers says whether an entity that the file has belongs to others: it
// exists without the tags that the file selects, and not only as a part of
// something else.
func (p *matcher) isOthers(it *item) bool {
	return p.sync && it.existing != nil && isTagged(it.typ) && !isNestedOnly(it.typ) && !hasTags(it.existing, p.file.SelectTags)
}
