package ui

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

const (
	// mostRead is how many entities a search looks at before it gives up, and mostFound
	// how many it shows.
	mostRead  = 50_000
	mostFound = 100
	// longestQuery is how much of a question counts.
	longestQuery = 200
)

// searched are the types that a search goes through, those with most to tell first.
var searched = []*entity.Type{
	entity.Service, entity.Route, entity.Consumer, entity.ConsumerGroup, entity.Upstream, entity.PluginSchema, entity.Plugin, entity.Certificate,
	entity.CACertificate, entity.SNI, entity.Vault, entity.KeySet, entity.AsymmetricKey, entity.Partial, entity.Target, entity.CustomPlugin, entity.ClonedPlugin,
	entity.KeyAuth, entity.BasicAuth, entity.HMACAuth, entity.JWT, entity.ACL, entity.MTLSAuth, entity.DataPlaneCertificate, entity.ConfigStore,
}

// searchedFields are those whose values people know. None of them is ever a secret.
var searchedFields = []string{
	"id", "name", "username", "custom_id", "instance_name", "host", "hosts", "path", "paths", "methods", "snis", "prefix", "target", "group", "subject_name", "description", "tags", "labels",
}

// found is what a search has found.
type found struct {
	Matches []match
	Cut     string // why there may be more
}

// match is an entity that a search has found.
type match struct {
	Plane  map[string]any
	Type   *entity.Type
	Entity map[string]any
	Field  string // what matched, and its value
	Text   string
}

// search looks everywhere, or in the control plane of the path.
func search(v *visit) (any, error) {
	query := strings.ToLower(asked(v.Request))
	if query == "" {
		return found{}, nil
	}
	planes := []map[string]any{v.plane}
	if v.plane == nil {
		var err error
		if planes, err = v.planes(); err != nil {
			return nil, err
		}
	}
	s := seeker{visit: v, query: query}
	for _, p := range planes {
		s.judge(p, entity.ControlPlane, p)
	}
	for _, p := range planes {
		for _, t := range searched {
			if err := s.through(p, t); err != nil || s.out.Cut != "" {
				return s.out, err
			}
		}
	}
	return s.out, nil
}

// asked is what a request searches for.
func asked(r *http.Request) string {
	query := strings.TrimSpace(r.FormValue("q"))
	return strings.ToValidUTF8(query[:min(len(query), longestQuery)], "")
}

// seeker is a search on its way.
type seeker struct {
	*visit

	query string
	read  int
	out   found
}

// through goes through one collection.
func (s *seeker) through(plane map[string]any, t *entity.Type) error {
	path, err := client.Ref{Type: t, Parents: []string{jsonvalue.Text(plane["id"])}}.Path()
	if err != nil {
		return err
	}
	for doc, err := range s.api.Each(s.Context(), t.Family, path, nil) {
		if errors.Is(err, client.ErrNotFound) {
			return nil // not every control plane has every collection
		}
		if err != nil {
			return err
		}
		s.judge(plane, t, doc)
		s.read++
		switch {
		case len(s.out.Matches) >= mostFound:
			s.out.Cut = fmt.Sprintf("These are the first %d. Ask for more of a name to see others.", mostFound)
			return nil
		case s.read >= mostRead:
			s.out.Cut = fmt.Sprintf("Only the first %d entities were looked at. Search within one control plane.", mostRead)
			return nil
		}
	}
	return nil
}

// judge notes an entity that matches.
func (s *seeker) judge(plane map[string]any, t *entity.Type, doc map[string]any) {
	for _, field := range searchedFields {
		if value, ok := s.within(doc[field]); ok {
			s.out.Matches = append(s.out.Matches, match{plane, t, doc, field, value})
			return
		}
	}
}

// within returns the text in a value that has what is looked for.
func (s *seeker) within(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, strings.Contains(strings.ToLower(v), s.query)
	case []any:
		i := slices.IndexFunc(v, func(e any) bool { _, ok := s.within(e); return ok })
		if i < 0 {
			return "", false
		}
		return s.within(v[i])
	case map[string]any:
		for key, e := range v {
			if value, ok := s.within(e); ok {
				return key + "=" + value, true
			}
		}
	}
	return "", false
}

// address is where an entity has its page.
func address(plane map[string]any, t *entity.Type, doc map[string]any) string {
	at := Path + "planes/" + jsonvalue.Text(plane["id"])
	switch t {
	case entity.ControlPlane:
		return at
	case entity.Plugin:
		return at + "/plugins/" + jsonvalue.Text(doc["id"])
	}
	for _, owner := range t.Owners()[1:] {
		at += "/" + owner.Name + "/" + jsonvalue.Text(idOf(doc[t.FieldTo(owner)]))
	}
	return at + "/" + t.Name + "/" + url.PathEscape(jsonvalue.Text(doc[t.Address()]))
}
