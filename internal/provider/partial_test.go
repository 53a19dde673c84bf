package provider_test

import (
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/acctest"
	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

const partial = "konnect_gateway_partial"

func TestPartial_validate(t *testing.T) {
	t.Parallel()
	p := acctest.Offline(t)
	redis := func(config object) object { return object{"name": "a", "config": config} }
	for name, c := range map[string]struct {
		config object
		want   []string
	}{
		"fine":            {object{"redis_ce": redis(object{"host": "a.example"})}, nil},
		"without config":  {object{"redis_ee": object{"name": "a"}}, nil},
		"unknown kind":    {object{"redis_ee": acctest.Unknown}, nil},
		"perhaps two":     {object{"redis_ce": redis(object{}), "redis_ee": acctest.Unknown}, nil},
		"unknown parts":   {object{"redis_ce": object{"name": acctest.Unknown, "config": acctest.Unknown}}, nil},
		"no kind":         {object{}, []string{"ERROR [] Invalid partial: no kind is given. Wanted is one of embeddings, model, redis_ce, redis_ee, vectordb."}},
		"two kinds":       {object{"redis_ce": redis(object{}), "redis_ee": redis(object{})}, []string{"ERROR [] Invalid partial: it is given as redis_ce and redis_ee. Wanted is one of them"}},
		"a port too high": {object{"redis_ce": redis(object{"port": "70000"})}, []string{"ERROR [redis_ce] Invalid partial: config.port"}},
		"no port":         {object{"redis_ce": redis(object{"port": "seven"})}, []string{"ERROR [redis_ce] Invalid partial: config.port"}},
		"half a sentinel": {object{"redis_ee": redis(object{"sentinel_master": "m"})}, []string{"ERROR [redis_ee] Invalid partial: config"}},
		"a strategy":      {object{"vectordb": redis(object{"strategy": "paper", "dimensions": 1, "distance_metric": "cosine"})}, []string{"ERROR [vectordb] Invalid partial: config.strategy"}},
		"no dimensions":   {object{"vectordb": redis(object{"strategy": "redis", "distance_metric": "cosine"})}, []string{"ERROR [vectordb] Invalid partial: config"}},
		"no model":        {object{"embeddings": redis(object{"auth": object{"header_name": "a"}})}, []string{"ERROR [embeddings] Invalid partial: config.model.name", "ERROR [embeddings] Invalid partial: config.model.provider"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says(t, p.Validate(t, partial, in(c.config)), c.want...)
		})
	}
}

// A chosen id is that of the partial. Another id makes another partial, and so
// does another kind.
func TestPartial_replaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t).unverified(t)
	const one, two = "5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c11", "5c1a2b0e-3a1b-4c57-a7c6-0f9a3a9a4c12"
	held := w.create(t, partial, w.in(object{"redis_ce": object{"id": one, "name": "a", "config": object{"host": "a.example"}}}))
	doc, err := w.Client.Get(t.Context(), client.Ref{Type: entity.Partial, Parents: w.Scope(), Key: one})
	if err != nil || doc["type"] != "redis-ce" {
		t.Errorf("got %v (%v)", doc, err)
	}
	for name, c := range map[string]struct {
		config   object
		replaces string
	}{
		"id left out":  {object{"redis_ce": object{"name": "a", "config": object{"host": "a.example"}}}, ""},
		"another host": {object{"redis_ce": object{"id": one, "name": "a", "config": object{"host": "b.example"}}}, ""},
		"another id":   {object{"redis_ce": object{"id": two, "name": "b", "config": object{"host": "a.example"}}}, "id redis_ce"},
		"another kind": {object{"redis_ee": object{"name": "a", "config": object{"host": "a.example"}}}, "redis_ce redis_ee"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, resp := w.plan(t, partial, w.in(c.config), held)
			var paths []string
			for _, at := range resp.RequiresReplace {
				paths = append(paths, acctest.Path(at))
			}
			if got := strings.Join(paths, " "); got != c.replaces {
				t.Errorf("replaces by %q, want %q", got, c.replaces)
			}
		})
	}
}
