package session

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
)

// namedObjects are the objects that have a name, or why nobody knows.
type namedObjects struct {
	docs []map[string]any
	err  error
}

// Named returns the objects of a collection that have a value in one of some
// fields. Each value is asked for once.
func (s *Session) Named(ctx context.Context, in client.Ref, fields []string, value string) ([]map[string]any, error) {
	q := lookup{collection{in.Type.Name, strings.Join(in.Parents, "/")}, strings.Join(fields, " "), value}
	found := s.named.ask(q, func() (out namedObjects) {
		for _, f := range fields {
			docs, err := s.Having(ctx, in, f, value)
			if err != nil {
				return namedObjects{err: err}
			}
			for _, d := range docs {
				if d[f] == value && !slices.ContainsFunc(out.docs, func(o map[string]any) bool { return o[in.Type.ID] == d[in.Type.ID] }) {
					out.docs = append(out.docs, d)
				}
			}
		}
		return out
	})
	if found.err != nil {
		s.named.forget(q)
	}
	return found.docs, found.err
}

// Having returns at least those objects that have a value in a field, by the
// narrowest question that the API takes.
func (s *Session) Having(ctx context.Context, in client.Ref, field, value string) ([]map[string]any, error) {
	switch {
	case field == in.Type.Key:
		in.Key = value
		doc, err := s.API.Get(ctx, in)
		if errors.Is(err, client.ErrNotFound) {
			return nil, nil
		}
		return []map[string]any{doc}, err
	case field == in.Type.NameFilter:
		return s.API.List(ctx, in, url.Values{"filter[name][eq]": {value}})
	case slices.Contains(in.Type.EqualFilters, field):
		return s.API.List(ctx, in, url.Values{field: {value}})
	}
	docs, _, err := s.API.Survey(ctx, in, true)
	return docs, err
}
