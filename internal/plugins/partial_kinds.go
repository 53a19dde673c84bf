package plugins

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// partialSources are the parts of plugin configurations that a kind of partial
// supplies: a plugin and the path of the part.
var partialSources = map[string]struct{ plugin, path string }{
	"redis-ce":   {"rate-limiting", "config.redis"},
	"redis-ee":   {"rate-limiting-advanced", "config.redis"},
	"vectordb":   {"ai-semantic-cache", "config.vectordb"},
	"embeddings": {"ai-semantic-cache", "config.embeddings"},
	"model":      {"ai-proxy-advanced", "config.targets[]"},
}

// PartialSource returns the plugin, and the path of the part of its
// configuration, that a kind of partial supplies. Elements take no step in the
// path. Both are "" for an unknown kind.
func PartialSource(kind string) (plugin, path string) {
	source := partialSources[kind]
	return source.plugin, strings.ReplaceAll(source.path, "[]", "")
}

// PartialKind is a kind of partials.
type PartialKind struct {
	Def    schema.Def
	Schema *schema.Schema
}

// PartialKinds are the kinds by name, each compiled at its first use.
type PartialKinds map[string]func() (*PartialKind, error)

// NewPartialKinds returns the kinds of partials for bundled plugins. The frame has
// the fields of a partial beside its config.
func NewPartialKinds(bundled *Set, frame []any, refs func(entity string) *schema.Schema) PartialKinds {
	kinds := PartialKinds{}
	for name, source := range partialSources {
		kinds[name] = sync.OnceValues(func() (*PartialKind, error) {
			p, err := bundled.Load(source.plugin)
			if err != nil {
				return nil, err
			}
			path, err := schema.ParsePath(source.path)
			if err != nil {
				return nil, err
			}
			config := maps.Clone(schema.DefinitionAt(p.Def, path))
			config["required"] = true
			def := schema.Def{
				"name": "partials", "primary_key": []any{"id"},
				"fields": append(slices.Clone(frame), schema.Def{"config": config}),
			}
			sc, err := schema.Compile(def, refs)
			if err != nil {
				return nil, err
			}
			return &PartialKind{Def: def, Schema: sc}, nil
		})
	}
	return kinds
}

// Schema returns what judges a partial of a kind; nil for an unknown kind.
func (k PartialKinds) Schema(kind string) (*schema.Schema, error) {
	compile, ok := k[kind]
	if !ok {
		return nil, nil
	}
	found, err := compile()
	if err != nil {
		return nil, err
	}
	return found.Schema, nil
}
