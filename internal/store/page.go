package store

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// between returns the page next to a cursor, or the first.
func (s *selection) between(ctx context.Context, q Query, scope string, desc bool) (found, error) {
	backwards := q.After == "" && q.Before != ""
	from, err := s.start(q, scope, desc != backwards)
	if err != nil {
		return found{}, err
	}
	docs, more, err := s.collect(ctx, from, desc != backwards, q.size())
	if err != nil {
		return found{}, err
	}
	before, after := q.After != "" && len(docs) > 0, more
	if backwards {
		slices.Reverse(docs)
		before, after = more, len(docs) > 0
	}
	page := found{docs: docs}
	if before {
		page.previous = encodeCursor(s.typ, scope, docs[0].seq)
	}
	if after {
		page.next = encodeCursor(s.typ, scope, docs[len(docs)-1].seq)
	}
	return page, nil
}

// start is the place beyond which a page begins.
func (s *selection) start(q Query, scope string, desc bool) (int64, error) {
	switch {
	case q.After != "":
		return decodeCursor(s.typ, scope, q.After)
	case q.Before != "":
		return decodeCursor(s.typ, scope, q.Before)
	case desc:
		return math.MaxInt64, nil
	}
	return root, nil
}

// batch is how many documents a filter examines before more are read.
const batch = 256

// collect returns up to size documents after a place that pass the filter, and
// reports whether there are more.
func (s *selection) collect(ctx context.Context, from int64, desc bool, size int) (docs []listed, more bool, err error) {
	limit := size + 1
	if !s.filter.empty() {
		limit = max(limit, batch)
	}
	for {
		some, seen, last, err := s.rows(ctx, from, desc, limit)
		if err != nil {
			return nil, false, err
		}
		if docs == nil {
			docs = some
		} else {
			docs = append(docs, some...)
		}
		if len(docs) > size {
			return docs[:size], true, nil
		}
		if seen < limit {
			return docs, false, nil
		}
		from = last
	}
}

// each visits all documents that are selected.
func (s *selection) each(ctx context.Context, desc bool, visit func(listed)) error {
	from, _ := s.start(Query{}, "", desc)
	for {
		docs, more, err := s.collect(ctx, from, desc, batch)
		if err != nil {
			return err
		}
		for _, d := range docs {
			visit(d)
			from = d.seq
		}
		if !more {
			return nil
		}
	}
}

// numbered returns a page by its number, and counts all matches.
func (s *selection) numbered(ctx context.Context, q Query, desc bool) (found, error) {
	first, end := window(q)
	var page found
	if !s.filter.empty() {
		err := s.each(ctx, desc, func(d listed) {
			if page.total >= first && page.total < end {
				page.docs = append(page.docs, d)
			}
			page.total++
		})
		return page, err
	}
	st := s.statement(nil, s.conditions)
	if all := s.statements(); len(all) == 1 {
		st = all[0]
	}
	_, err := s.tx.one(ctx, []any{&page.total}, `SELECT count(*) FROM `+st.from+` WHERE `+st.where, st.args...)
	if err != nil || first >= page.total {
		return page, err
	}
	order := ``
	if desc {
		order = ` DESC`
	}
	err = s.tx.query(ctx, func(scan func(...any) error) error {
		var d listed
		err := scan(&d.body)
		page.docs = append(page.docs, d)
		return err
	}, `SELECT e.body FROM `+st.from+` WHERE `+st.where+` ORDER BY `+st.by+order+` LIMIT ? OFFSET ?`,
		append(st.args, q.size(), first)...)
	return page, err
}

// sorted returns a page in the order of fields: by its number, or next to the
// cursor of a document.
func (s *selection) sorted(ctx context.Context, q Query, scope string) (found, error) {
	var all []listed
	if err := s.each(ctx, false, func(d listed) { all = append(all, d) }); err != nil {
		return found{}, err
	}
	for i := range all {
		var err error
		if all[i].doc, err = all[i].decoded(); err != nil {
			return found{}, err
		}
	}
	slices.SortStableFunc(all, func(a, b listed) int { return compare(q.Sort, a.doc, b.doc) })
	if q.Number > 0 && q.After == "" && q.Before == "" {
		first, end := window(q)
		first, end = min(first, len(all)), min(end, len(all))
		return found{docs: all[first:end], total: len(all)}, nil
	}
	first, end, err := s.beside(all, q, scope)
	if err != nil {
		return found{}, err
	}
	page := found{docs: all[first:end], total: len(all)}
	if first > 0 && end > first {
		page.previous = encodePlace(s.typ, scope, q.Sort, all[first])
	}
	if end < len(all) && end > first {
		page.next = encodePlace(s.typ, scope, q.Sort, all[end-1])
	}
	return page, nil
}

// beside is the part of a sorted list on the page next to a cursor, or on the
// first. The document of the cursor may be gone by now.
func (s *selection) beside(all []listed, q Query, scope string) (first, end int, err error) {
	cursor := cmp.Or(q.After, q.Before)
	if cursor == "" {
		return 0, min(q.size(), len(all)), nil
	}
	from, err := decodePlace(s.typ, scope, q.Sort, cursor)
	if err != nil {
		return 0, 0, err
	}
	at, found := slices.BinarySearchFunc(all, from, func(a, b listed) int {
		return cmp.Or(compare(q.Sort, a.doc, b.doc), cmp.Compare(a.seq, b.seq))
	})
	if q.After == "" {
		return max(0, at-q.size()), at, nil
	}
	if found {
		at++
	}
	return at, min(at+q.size(), len(all)), nil
}

// window is the part of the matches on a numbered page. A number that is too
// large for any list gives an empty page.
func window(q Query) (first, end int) {
	first = min(max(q.Number, 1)-1, math.MaxInt32) * q.size()
	return first, first + q.size()
}
