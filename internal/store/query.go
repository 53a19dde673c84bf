package store

import (
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Query selects documents of a type within a scope. The zero value selects all
// of them, in the order in which they were created, a hundred at a time.
//
// Filters add up: a document has to pass all of them. Filters by id, foreign
// key, tags and indexed fields (the type's Key, NameFilter and
// EqualFilters, those that are unique by themselves) are answered by an index; other fields
// and Match look at one document after the other. Fields inside others are
// named with dots.
type Query struct {
	Size int // of a page; 0 means 100

	// A page is given by a neighbour's end (After the Next of one, Before the
	// Previous of one), which costs the same for every page, or by its Number
	// from 1, which also counts all matches and skips those of earlier pages.
	// After wins over Before, and both over Number.
	After, Before string
	Number        int

	Tags   []string // all of these tags
	AnyTag bool     // one of the Tags is enough

	Equal    map[string]string   // field: its value
	In       map[string][]string // field: one of the values
	Contains map[string]string   // field: a part of its value, case matters
	Ref      map[string]string   // foreign key: the id that it holds

	Match func(doc map[string]any) bool // anything else

	// Sort orders by fields, which reads all matches for each page. Documents
	// that are equal in these fields stay in the order of creation. Sorting by created_at alone is the order of creation, at
	// no extra cost and with cursors.
	Sort []Order
}

// Order is a field to sort by.
type Order struct {
	Field string
	Desc  bool
}

// Page is a part of a list.
type Page struct {
	Docs     []map[string]any
	Bodies   []string // see [Store.Bodies]
	Next     string   // After for the following page; empty on the last
	Previous string   // Before for the preceding page; empty on the first
	Total    int      // number of all matches, counted for pages by Number and for sorted ones only
}

const (
	defaultSize = 100
	maxSize     = math.MaxInt32 // beyond any list; keeps sums in range
)

func (q Query) size() int {
	if q.Size <= 0 {
		return defaultSize
	}
	return min(q.Size, maxSize)
}

// creationOrder reports whether the query asks for the order of creation, and
// whether for the reverse of it.
func (q Query) creationOrder() (desc, ok bool) {
	switch {
	case len(q.Sort) == 0:
		return false, true
	case len(q.Sort) == 1 && q.Sort[0].Field == "created_at":
		return q.Sort[0].Desc, true
	}
	return false, false
}

// text is the form of a value for filters.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// compare orders two documents by fields: missing values first, then booleans,
// numbers by value, and texts without regard to case.
func compare(order []Order, a, b map[string]any) int {
	for _, o := range order {
		c := compareValues(field(a, o.Field), field(b, o.Field))
		if o.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func compareValues(a, b any) int {
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return x.Cmp(y)
		}
	}
	x, _ := text(a)
	y, _ := text(b)
	return cmp.Or(strings.Compare(strings.ToLower(x), strings.ToLower(y)), strings.Compare(x, y))
}

func number(v any) (*big.Float, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, false
	}
	f, _, err := big.ParseFloat(n.String(), 10, 64, big.ToNearestEven)
	return f, err == nil
}

// filter is the part of a query that no index answers.
type filter struct {
	equal    map[string]string
	in       map[string][]string
	contains map[string]string
	match    func(map[string]any) bool
}

func (f filter) empty() bool {
	return len(f.equal) == 0 && len(f.in) == 0 && len(f.contains) == 0 && f.match == nil
}

func (f filter) passes(doc map[string]any) bool {
	for name, want := range f.equal {
		if got, ok := text(field(doc, name)); !ok || got != want {
			return false
		}
	}
	for name, want := range f.in {
		if got, ok := text(field(doc, name)); !ok || !slices.Contains(want, got) {
			return false
		}
	}
	for name, part := range f.contains {
		if got, ok := text(field(doc, name)); !ok || !strings.Contains(got, part) {
			return false
		}
	}
	return f.match == nil || f.match(doc)
}
