package resource

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// partial is a part of a configuration that plugins share. Each kind has an
// attribute of its own, which holds all that such a partial has.
type partial struct{ regular }

func partialRow() row {
	served := attribute.Fact{Mode: attribute.Computed}
	return row{
		Type: entity.Partial,
		summary: "A partial: a part of a configuration, such as the address of a Redis, that several plugins share by their `partials`. " +
			"It is of one kind, which its attribute names: `redis_ce`, `redis_ee`, `vectordb`, `embeddings` or `model`. " +
			"Another kind is another partial.",
		facts: attribute.Facts{At: map[string]attribute.Fact{
			"id": served, "created_at": served, "updated_at": served,
			"name":   {Mode: attribute.Computed, Description: "Name of the partial."},
			"config": {Hidden: true}, "type": {Hidden: true}, "tags": {Hidden: true},
		}},
		behaviour: partial{regular{entity.Partial}},
	}
}

// partialKinds are compiled once in a process, like the plugins that they come from.
var partialKinds = sync.OnceValue(func() plugins.PartialKinds {
	return plugins.NewPartialKinds(Bundled(), entity.PartialFrame(), entity.Schemas)
})

// partial derives the attributes of the kinds, and what all have in common.
func (r row) partial(root *attribute.Attribute) {
	root.Children = append(root.Children, r.fields(r.Type.Schema())...)
	kinds, facts := map[string]*schema.Schema{}, attribute.Facts{SetsAreLists: true, Typed: true, At: partialShapes(), Words: partialWords()}
	for _, name := range entity.PartialKinds {
		s, err := partialKinds().Schema(name)
		if err != nil || s == nil {
			continue // the test of the published shapes would tell
		}
		kinds[name] = s
		for field, f := range common {
			facts.At[name+"."+field] = f
		}
		facts.At[name] = attribute.Fact{Description: kindWords[name]}
		facts.At[name+".name"] = attribute.Fact{Description: "Name of the partial, unique in its control plane."}
		facts.At[name+".config"] = attribute.Fact{Description: "What plugins get from it."}
	}
	attribute.Derivation{Facts: facts}.AddKinds(root, "type", kinds)
	for _, c := range root.Children {
		if id := c.Child("id"); c.OfKind && id != nil {
			id.Replace = true
		}
	}
}

// kindWords says what each kind of partials is.
var kindWords = map[string]string{
	"embeddings": "The model that turns texts into vectors, for plugins that compare meanings.",
	"model":      "One of the language models of AI Proxy Advanced.",
	"redis-ce":   "The Redis of plugins that are free of charge, such as Rate Limiting.",
	"redis-ee":   "The Redis, Sentinel or Cluster of plugins of the enterprise edition, such as Rate Limiting Advanced.",
	"vectordb":   "The database that finds similar vectors, for plugins that compare meanings.",
}

// partialWords describes the fields of partials as those of the plugins that they
// are for. A path begins with the kind and config.
func partialWords() func(path string) string {
	words, parts := map[string]*meaning.Plugin{}, map[string]string{}
	for _, kind := range entity.PartialKinds {
		plugin, part := plugins.PartialSource(kind)
		words[kind], parts[kind] = meaning.Of(plugin), part
	}
	return func(path string) string {
		kind, field, _ := strings.Cut(path, ".config")
		if words[kind] == nil {
			return ""
		}
		return words[kind].Field(parts[kind] + field)
	}
}

// partialShapes are the published attributes of partials that no rule gives.
func partialShapes() map[string]attribute.Fact {
	return modes(both,
		"redis-ce.config.password", "redis-ce.config.server_name", "redis-ce.config.username",
		"redis-ee.config.cluster_nodes", "redis-ee.config.password", "redis-ee.config.sentinel_master", "redis-ee.config.sentinel_nodes", "redis-ee.config.sentinel_password",
		"redis-ee.config.sentinel_username")
}

func (p partial) judge(_ context.Context, _ *session.Session, in subject) candidate {
	c := candidate{subject: in}
	doc, known := in.root.ToGo(in.value).(map[string]any)
	if !known {
		return c // nor is the kind
	}
	c.doc = doc
	in.root.Faults(in.value, func(at *tftypes.AttributePath, text string) {
		c.problems = append(c.problems, report.Failure(at, "Invalid "+p.typ.Title, wording.Sentence(text)))
	})
	if report.HasErrors(c.problems) {
		return c
	}
	var err error
	if c.schema, err = p.schemaOf(doc); err != nil {
		c.problems = report.Diagnostics{report.Failure(nil, "Invalid "+p.typ.Title, wording.Sentence(err.Error()))}
	}
	return c
}

func (p partial) answered(_ context.Context, _ *session.Session, _ subject, doc map[string]any) (*schema.Schema, map[string]any, error) {
	s, err := p.schemaOf(doc)
	return s, doc, err
}

func (p partial) schemaOf(doc map[string]any) (*schema.Schema, error) {
	kind, _ := doc["type"].(string)
	s, err := partialKinds().Schema(kind)
	if err == nil && s == nil {
		err = fmt.Errorf("partials of the kind %q are not known here", kind)
	}
	return s, err
}
