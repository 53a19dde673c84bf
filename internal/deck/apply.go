package deck

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// step says what has to be done about an entity.
func (p *matcher) step(it *item) Step {
	body := maps.Clone(it.doc)
	delete(body, "id")
	step := Step{Action: Create, Type: it.typ, ID: it.id, Label: label(it), Line: it.node.line, Path: it.path, After: it.complete, body: body}
	if it.existing != nil {
		step.Before = it.existing
		step.Action = Update
		if same(it, p.file.Hashed) {
			step.Action = Keep
		}
	}
	if it.typ.Flat != entity.ReadWrite {
		step.below = idOf(it.doc[parentOf(it.typ).Field])
	}
	return step
}

func label(it *item) string { return cmp.Or(labelOf(it.typ, it.doc), it.id) }

// labelOf says which entity it is, without anything that is secret.
func labelOf(typ *entity.Type, doc map[string]any) string {
	for _, field := range []string{handle(typ), "instance_name", "name", "username", "id"} {
		if text := jsonvalue.Text(doc[field]); text != "" {
			return text
		}
	}
	return ""
}

// same says whether the control plane holds an entity as the file has it. A
// password is the same if its hash is.
func same(it *item, hashed bool) bool {
	theirs := maps.Clone(it.existing)
	ours := maps.Clone(it.complete)
	switch {
	case it.typ == entity.Certificate:
		delete(theirs, "snis")
	case it.typ == entity.Route && it.doc["path_handling"] == nil && theirs["path_handling"] == nil:
		delete(ours, "path_handling") // which is not filled in for a route with an expression
	case it.typ == entity.BasicAuth && !hashed:
		ours["password"] = entity.PasswordHash(jsonvalue.Text(ours["password"]), idOf(ours["consumer"]))
	}
	for _, name := range append([]string{"id", "ttl"}, it.typ.Computed...) {
		delete(theirs, name)
		delete(ours, name)
	}
	if it.doc["ttl"] != nil || !sameLinks(ours["partials"], theirs["partials"]) {
		return false
	}
	delete(theirs, "partials")
	delete(ours, "partials")
	return schema.Equal(document.OmitNulls(theirs), document.OmitNulls(ours))
}

// sameLinks compares links to partials. A file may leave out some of what the
// server knows of them.
func sameLinks(ours, theirs any) bool {
	a, _ := ours.([]any)
	b, _ := theirs.([]any)
	return slices.EqualFunc(a, b, func(a, b any) bool {
		x, _ := a.(map[string]any)
		y, _ := b.(map[string]any)
		return x["id"] == y["id"] && (x["path"] == nil || x["path"] == y["path"])
	})
}

// members says which memberships are to be made.
func (p *matcher) members() []Step {
	var steps []Step
	type told struct {
		membership

		side *entity.Type
	}
	seen, made := map[told]bool{}, map[membership]bool{}
	for _, m := range p.file.members {
		if !p.resolve(m.consumer) || !p.resolve(m.group) {
			continue
		}
		pair := membership{m.group.id, m.consumer.id}
		if seen[told{pair, m.side}] {
			p.problem(m.position, "says so a second time")
			continue
		}
		seen[told{pair, m.side}] = true
		if made[pair] {
			continue // the consumer may say it as well as the group
		}
		made[pair] = true
		step := Step{
			Action: Create, Type: entity.ConsumerGroupMember, ID: pair.consumer, Line: m.line, Path: m.path, Label: cmp.Or(m.group.key, m.path),
			body: map[string]any{"consumer": pair.consumer}, below: pair.group,
		}
		if p.state.members[pair] {
			step.Action = Keep
		}
		steps = append(steps, step)
	}
	return steps
}

// Count returns the number of steps for each action.
func (p *Plan) Count() map[Action]int {
	n := map[Action]int{}
	for _, s := range p.Steps {
		n[s.Action]++
	}
	return n
}

// Apply does what the plan says, each entity after those that it refers to, and
// deletes in the opposite order. An error says at which line of the file it
// happened, and how much has been done by then: the API has no way to take that
// back.
func (p *Plan) Apply(ctx context.Context) error {
	done, all := 0, len(p.Steps)-p.Count()[Keep]
	for _, s := range p.Steps {
		if s.Action == Keep {
			continue
		}
		p.target.progress("changes made", done, all)
		if err := p.write(ctx, s); err != nil {
			return fmt.Errorf("%s: %w (%d of %d changes were made before)", s.place(), err, done, all)
		}
		done++
	}
	return nil
}

// place says what a step is about.
func (s Step) place() string {
	if s.Action == Delete {
		return fmt.Sprintf("%s %s %s", s.Action, s.Type.Singular, s.Label)
	}
	return fmt.Sprintf("line %d: %s", s.Line, s.Path)
}

func (p *Plan) write(ctx context.Context, s Step) error {
	at, err := p.path(s)
	if err != nil {
		return err
	}
	switch {
	case s.Action == Delete:
		if err := p.target.Client.Do(ctx, http.MethodDelete, at, nil, nil); !errors.Is(err, client.ErrNotFound) {
			return err
		}
		return nil // it went with what it belonged to
	case s.Type == entity.ConsumerGroupMember:
		return p.target.Client.Do(ctx, http.MethodPost, path.Dir(at), s.body, nil)
	case s.Type == entity.BasicAuth && p.hashed:
		at += "?skip_hash=true"
	}
	return p.target.Client.Do(ctx, http.MethodPut, at, s.body, nil)
}

// path is the address of the entity of a step.
func (p *Plan) path(s Step) (string, error) {
	switch {
	case s.ID == "": // would be the address of all
		return "", fmt.Errorf("a %s without an id", s.Type.Title)
	case s.below == "":
		return p.target.at(s.Type, s.ID).Path()
	}
	parent, segment := entity.ConsumerGroup, s.Type.Path
	if s.Type != entity.ConsumerGroupMember {
		parent, segment = p.types.Named(parentOf(s.Type).Target), cmp.Or(s.Type.Nested, path.Base(s.Type.Path))
	}
	at, err := p.target.at(parent, s.below).Path()
	return at + "/" + segment + "/" + s.ID, err
}

// parentOf is the foreign key to the entity below which this one is written.
func parentOf(typ *entity.Type) entity.Reference {
	for _, r := range typ.References {
		if slices.Contains(typ.NestedBelow, r.Target) {
			return r
		}
	}
	return entity.Reference{}
}
