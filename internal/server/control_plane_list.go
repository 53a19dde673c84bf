package server

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

const (
	platformSize    = 10
	platformMaxSize = 100
)

func (s *api) listControlPlanes(w http.ResponseWriter, r *http.Request) error {
	q, err := controlPlaneQuery(r.URL.Query())
	if err != nil {
		return err
	}
	page, err := s.store.List(r.Context(), entity.ControlPlane, "", q)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{
		"data": presented(page.Docs, presentControlPlane),
		"meta": map[string]any{"page": map[string]any{"number": q.Number, "size": q.Size, "total": page.Total}},
	})
}

// controlPlaneQuery reads number pages, filters and order.
func controlPlaneQuery(params url.Values) (q store.Query, err error) {
	if q.Size, err = pageSize(params, platformSize, platformMaxSize); err != nil {
		return q, err
	}
	if q.Number, err = positive(params, "page[number]", 1); err != nil {
		return q, err
	}
	if q.Sort, err = sorting(params.Get("sort")); err != nil {
		return q, err
	}
	q.Match, err = controlPlaneFilter(params)
	return q, err
}

// pageSize reads page[size].
func pageSize(params url.Values, standard, limit int) (int, error) {
	size, err := positive(params, "page[size]", standard)
	if err == nil && size > limit {
		err = parameterError("page[size]", "must be at most "+strconv.Itoa(limit))
	}
	return size, err
}

// maxNumber keeps products of page numbers and sizes far from overflow.
const maxNumber = 1 << 30

func positive(params url.Values, name string, standard int) (int, error) {
	s := params.Get(name)
	if s == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxNumber {
		return 0, parameterError(name, "must be a number from 1")
	}
	return n, nil
}

// test is a condition on a control plane.
type test = func(doc map[string]any) bool

// controlPlaneFilter reads filter[<field>][<operator>] and labels; all of them
// must hold. Control planes are few (Konnect allows a hundred), so that looking
// at each is no matter.
func controlPlaneFilter(params url.Values) (test, error) {
	var tests []test
	for name, values := range params {
		rest, ok := strings.CutPrefix(name, "filter[")
		if !ok {
			continue
		}
		field, operator, _ := strings.Cut(strings.TrimSuffix(rest, "]"), "][")
		t := fieldTest(field, cmp.Or(operator, "eq"), values[0])
		if t == nil {
			return nil, parameterError(name, "is not a filter of control planes, or has a value that no control plane can have")
		}
		tests = append(tests, t)
	}
	if labels := params.Get("labels"); labels != "" {
		tests = append(tests, labelsTest(labels))
	}
	if len(tests) == 0 {
		return nil, nil
	}
	return func(doc map[string]any) bool {
		for _, t := range tests {
			if !t(doc) {
				return false
			}
		}
		return true
	}, nil
}

// operators are what each field can be filtered by.
var operators = map[string][]string{
	"id":            {"eq", "oeq"},
	"name":          {"eq", "neq", "contains"},
	"cluster_type":  {"eq", "neq", "oeq"},
	"cloud_gateway": {"eq"},
}

// fieldTest returns nil where there is no such filter.
func fieldTest(field, operator, value string) test {
	if !slices.Contains(operators[field], operator) {
		return nil
	}
	if field == "cloud_gateway" {
		want, err := strconv.ParseBool(value)
		if err != nil {
			return nil
		}
		return func(doc map[string]any) bool { return doc[field] == want }
	}
	switch operator {
	case "eq":
		return func(doc map[string]any) bool { return doc[field] == value }
	case "neq":
		return func(doc map[string]any) bool { return doc[field] != value }
	case "contains":
		return func(doc map[string]any) bool { return strings.Contains(text(doc[field]), value) }
	}
	choices := strings.Split(value, ",")
	return func(doc map[string]any) bool { return slices.Contains(choices, text(doc[field])) }
}

// labelsTest reads key:value,key2: all of them, the second with any value.
func labelsTest(list string) test {
	wanted := strings.Split(list, ",")
	return func(doc map[string]any) bool {
		labels, _ := doc["labels"].(map[string]any)
		for _, l := range wanted {
			key, value, exact := strings.Cut(l, ":")
			got, ok := labels[key]
			if !ok || exact && got != value {
				return false
			}
		}
		return true
	}
}

// sortable are the fields that lists can be sorted by.
var sortable = []string{"id", "name", "created_at", "updated_at"}

// sorting reads "<field> [asc|desc]"; nil is the order of creation.
func sorting(sort string) ([]store.Order, error) {
	if sort == "" {
		return nil, nil
	}
	field, direction, _ := strings.Cut(sort, " ")
	direction = strings.ToLower(cmp.Or(direction, "asc"))
	if !slices.Contains(sortable, field) || direction != "asc" && direction != "desc" {
		return nil, parameterError("sort", "must be one of "+strings.Join(sortable, ", ")+", and asc or desc after it")
	}
	return []store.Order{{Field: field, Desc: direction == "desc"}}, nil
}
