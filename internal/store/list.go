package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// List returns a page of the documents that a query selects. Errors:
// ErrBadCursor, and ErrNotFound when there is no such scope.
func (tx *Tx) List(ctx context.Context, t *entity.Type, scope string, q Query) (Page, error) {
	found, err := tx.found(ctx, t, scope, q)
	if err != nil {
		return Page{}, err
	}
	page := found.page()
	page.Docs = make([]map[string]any, len(found.docs))
	for i, d := range found.docs {
		if page.Docs[i], err = d.decoded(); err != nil {
			return Page{}, tx.settle(err)
		}
	}
	return page, nil
}

// Bodies is [Store.Bodies] as a step of a transaction.
func (tx *Tx) Bodies(ctx context.Context, t *entity.Type, scope string, q Query) (Page, error) {
	found, err := tx.found(ctx, t, scope, q)
	if err != nil {
		return Page{}, err
	}
	page := found.page()
	page.Bodies = make([]string, len(found.docs))
	for i, d := range found.docs {
		page.Bodies[i] = d.body
	}
	return page, nil
}

// found is a page whose documents need not be decoded.
type found struct {
	docs           []listed
	next, previous string
	total          int
}

func (f found) page() Page { return Page{Next: f.next, Previous: f.previous, Total: f.total} }

func (tx *Tx) found(ctx context.Context, t *entity.Type, scope string, q Query) (found, error) {
	if tx.lost != nil {
		return found{}, tx.lost
	}
	page, err := tx.list(ctx, t, scope, q)
	if !errors.Is(err, ErrBadCursor) {
		err = tx.settle(err)
	}
	return page, err
}

func (tx *Tx) list(ctx context.Context, t *entity.Type, scope string, q Query) (found, error) {
	if scope == "" {
		return tx.listIn(ctx, t, root, scope, q)
	}
	typ, err := ownerType(t, scope)
	if err != nil {
		return found{}, err
	}
	of := owner{typ, entity.CanonicalID(scope)}
	known, remembered := tx.owners.get(of)
	var page found
	if remembered {
		page, err = tx.listIn(ctx, t, known, scope, q)
		if len(page.docs) > 0 || err != nil && !errors.Is(err, ErrBadCursor) {
			return page, err
		}
	}
	seq, there, lookup := tx.owner(ctx, of)
	switch {
	case lookup != nil:
		return found{}, lookup
	case !there:
		return found{}, notFound(outermost(t), scope)
	case remembered && seq == known:
		return page, err
	}
	return tx.listIn(ctx, t, seq, scope, q)
}

// owner looks a scope up, and remembers it.
func (tx *Tx) owner(ctx context.Context, of owner) (seq int64, there bool, err error) {
	if !storableID(of.id) {
		return 0, false, nil
	}
	if seq, there, err = tx.seqOf(ctx, root, of.typ, of.id); there && err == nil {
		tx.owners.set(of, seq)
	}
	return seq, there, err
}

func (tx *Tx) listIn(ctx context.Context, t *entity.Type, owner int64, scope string, q Query) (found, error) {
	sel, ok, err := tx.selection(ctx, t, owner, q)
	if err != nil || !ok {
		return found{}, err
	}
	desc, byCreation := q.creationOrder()
	switch {
	case !byCreation:
		return sel.sorted(ctx, q, scope)
	case q.After == "" && q.Before == "" && q.Number > 0:
		return sel.numbered(ctx, q, desc)
	default:
		return sel.between(ctx, q, scope, desc)
	}
}

func (tx *Tx) seqOf(ctx context.Context, scope int64, typ, id string) (seq int64, found bool, err error) {
	found, err = tx.one(ctx, []any{&seq}, `SELECT seq FROM entities WHERE scope = ? AND type = ? AND id = ?`,
		scope, typ, entity.CanonicalID(id))
	return seq, found, err
}

// condition is a filter that an index can answer: the entity must have a
// certain row in uniques, terms or refs.
type condition struct {
	table   string
	where   string // about the alias x
	args    []any
	values  []string // that x.value may have; nil if where is complete
	certain bool     // few entities have such a row
}

// selection is a query, prepared for a database.
type selection struct {
	tx         *Tx
	typ        *entity.Type
	scope      int64
	ids        [][]string // the id must be in each of these
	conditions []condition
	filter     filter
}

// selection divides the filters of a query into those for the database and
// those for the program; ok is false if nothing can match.
func (tx *Tx) selection(ctx context.Context, t *entity.Type, scope int64, q Query) (s *selection, ok bool, err error) {
	s = &selection{tx: tx, typ: t, scope: scope}
	s.filter = filter{equal: map[string]string{}, in: map[string][]string{}, contains: map[string]string{}, match: q.Match}
	for name, value := range q.Equal {
		if !s.valueIn(name, []string{value}) {
			s.filter.equal[name] = value
		}
	}
	for name, values := range q.In {
		if len(values) == 0 {
			return nil, false, nil
		}
		if !s.valueIn(name, values) {
			s.filter.in[name] = values
		}
	}
	for name, part := range q.Contains {
		if !s.contains(name, part) {
			s.filter.contains[name] = part
		}
	}
	s.tagged(q.Tags, q.AnyTag)
	for name, id := range q.Ref {
		if !storableID(id) {
			return nil, false, nil
		}
		target, found, err := tx.seqOf(ctx, scope, reference(t, name).Target, id)
		if err != nil || !found {
			return nil, false, err
		}
		s.conditions = append(s.conditions, condition{
			table: "refs", where: `x.target = ? AND x.type = ? AND x.field = ?`, args: []any{target, t.Name, name},
			certain: true,
		})
	}
	return s, true, nil
}

// indexed returns the condition that an indexed field has a value.
func (s *selection) indexed(name string) (condition, bool) {
	if u, ok := uniqueOn(s.typ, name); ok {
		return condition{
			table: "uniques", where: `x.scope = ? AND x.type = ? AND x.name = ?`, args: []any{s.scope, s.typ.Name, u.Name},
			certain: true,
		}, true
	}
	if name != tagsField && !slices.Contains(termFields(s.typ), name) {
		return condition{}, false
	}
	return condition{
		table: "terms", where: `x.scope = ? AND x.type = ? AND x.field = ?`, args: []any{s.scope, s.typ.Name, name},
	}, true
}

// valueIn adds a filter, if an index answers it.
func (s *selection) valueIn(name string, values []string) bool {
	if name == idField(s.typ) {
		ids := make([]string, 0, len(values))
		for _, id := range values {
			if storableID(id) {
				ids = append(ids, entity.CanonicalID(id))
			}
		}
		s.ids = append(s.ids, ids)
		return true
	}
	c, ok := s.indexed(name)
	if !ok {
		return false
	}
	for _, v := range values {
		c.values = append(c.values, indexText(v))
	}
	slices.Sort(c.values)
	c.values = slices.Compact(c.values)
	s.conditions = append(s.conditions, c)
	return true
}

// contains adds a filter, if an index holds the whole field.
func (s *selection) contains(name, part string) bool {
	c, ok := s.indexed(name)
	if !ok || indexText(part) != part || part == "" {
		return false
	}
	// The one way to search for a part of a text that means the same on every
	// database.
	c.where += ` AND replace(x.value, ?, '') <> x.value`
	c.args = append(c.args, part)
	c.certain = false
	s.conditions = append(s.conditions, c)
	return true
}

func (s *selection) tagged(tags []string, oneOf bool) {
	if oneOf && len(tags) > 0 {
		s.valueIn(tagsField, tags)
		return
	}
	for _, tag := range tags {
		s.valueIn(tagsField, []string{tag})
	}
}

// statement is a selection as SQL, in which alias e is the entity and by the
// column to page by.
type statement struct {
	from, where, by string
	args            []any
}

// statements returns statements that together find the selected entities: each
// reads an index in the order of creation, so that a page costs no more than
// its own rows. Only a filter with several values needs more than one
// statement.
func (s *selection) statements() []statement {
	lead := s.lead()
	if lead < 0 {
		return []statement{s.statement(nil, s.conditions)}
	}
	others := slices.Delete(slices.Clone(s.conditions), lead, lead+1)
	c := s.conditions[lead]
	if len(c.values) < 2 {
		return []statement{s.statement(&c, others)}
	}
	var all []statement
	for _, value := range c.values {
		one := c
		one.values = []string{value}
		all = append(all, s.statement(&one, others))
	}
	return all
}

// lead returns the condition to begin with: one that few entities fulfil, or
// any that names values. It is nil if ids are given or there is no such
// condition.
func (s *selection) lead() int {
	if len(s.ids) > 0 {
		return -1
	}
	best := -1
	for i, c := range s.conditions {
		if c.certain {
			return i
		}
		if c.values != nil && (best < 0 || len(c.values) < len(s.conditions[best].values)) {
			best = i
		}
	}
	return best
}

// statement begins with a condition, or with the type if lead is nil, and
// checks the other conditions for each entity that it finds.
func (s *selection) statement(lead *condition, others []condition) statement {
	var st statement
	if lead == nil {
		st = statement{from: `entities e`, where: `e.scope = ? AND e.type = ?`, by: `e.seq`, args: []any{s.scope, s.typ.Name}}
	} else {
		where, args := lead.sql()
		st = statement{from: lead.table + ` x CROSS JOIN entities e`, where: where + ` AND e.seq = x.entity`, by: `x.entity`, args: args}
	}
	for _, ids := range s.ids {
		in, args := list(ids)
		st.where += ` AND e.id IN ` + in
		st.args = append(st.args, args...)
	}
	for _, c := range others {
		where, args := c.sql()
		st.where += ` AND EXISTS (SELECT 1 FROM ` + c.table + ` x WHERE ` + where + ` AND x.entity = e.seq)`
		st.args = append(st.args, args...)
	}
	return st
}

func (c condition) sql() (where string, args []any) {
	if c.values == nil {
		return c.where, slices.Clone(c.args)
	}
	in, args := list(c.values)
	if len(c.values) == 1 {
		return c.where + ` AND x.value = ?`, append(slices.Clone(c.args), args...)
	}
	return c.where + ` AND x.value IN ` + in, append(slices.Clone(c.args), args...)
}

// list renders values as (?, ?). Lengths are rounded up to a power of two by
// repeating the last value, so that there are few different statements.
func list(values []string) (in string, args []any) {
	if len(values) == 0 {
		return `(NULL)`, nil
	}
	for _, v := range values {
		args = append(args, v)
	}
	for len(args)&(len(args)-1) != 0 {
		args = append(args, args[len(values)-1])
	}
	return `(?` + strings.Repeat(`, ?`, len(args)-1) + `)`, args
}

// listed is a document with its place in the order of creation.
type listed struct {
	seq  int64
	body string
	doc  map[string]any // nil until somebody had to look into it
}

// decoded is the document.
func (d listed) decoded() (map[string]any, error) {
	if d.doc != nil {
		return d.doc, nil
	}
	return Decode(d.body)
}

// rows reads up to limit documents after a place, nearest first, that the
// indexes select. seen is how many there were before the filter; last is the
// place of the last of these.
func (s *selection) rows(ctx context.Context, from int64, desc bool, limit int) (docs []listed, seen int, last int64, err error) {
	beyond, order := ` > ?`, ``
	if desc {
		beyond, order = ` < ?`, ` DESC`
	}
	statements := s.statements()
	docs = make([]listed, 0, min(limit, batch))
	for _, st := range statements {
		var d listed
		dest := []any{&d.seq, &d.body}
		err := s.tx.query(ctx, func(scan func(...any) error) error {
			err := scan(dest...)
			docs = append(docs, d)
			return err
		}, `SELECT e.seq, e.body FROM `+st.from+` WHERE `+st.where+` AND `+st.by+beyond+` ORDER BY `+st.by+order+` LIMIT ?`,
			append(st.args, from, limit)...)
		if err != nil {
			return nil, 0, 0, err
		}
	}
	if len(statements) > 1 {
		docs = merged(docs, desc)
		docs = docs[:min(len(docs), limit)]
	}
	seen = len(docs)
	if seen > 0 {
		last = docs[seen-1].seq
	}
	docs, err = s.passing(docs)
	return docs, seen, last, err
}

// merged puts what several statements found into one order, without what two of
// them found.
func merged(docs []listed, desc bool) []listed {
	slices.SortFunc(docs, func(a, b listed) int {
		if desc {
			a, b = b, a
		}
		return cmp.Compare(a.seq, b.seq)
	})
	return slices.CompactFunc(docs, func(a, b listed) bool { return a.seq == b.seq })
}

// passing keeps the documents that pass the filter.
func (s *selection) passing(docs []listed) (_ []listed, err error) {
	if s.filter.empty() {
		return docs, nil
	}
	pass := docs[:0]
	for _, d := range docs {
		if d.doc, err = Decode(d.body); err != nil {
			return nil, err
		}
		if s.filter.passes(d.doc) {
			pass = append(pass, d)
		}
	}
	return pass, nil
}
