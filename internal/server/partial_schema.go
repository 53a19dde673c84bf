package server

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// PartialSchemas returns what finds the schema of a kind of partials, for
// those who judge a partial before they send it. It is nil for other kinds.
func PartialSchemas(bundled *plugins.Set) func(kind string) (*schema.Schema, error) {
	kinds := newPartialKinds(bundled)
	return func(kind string) (*schema.Schema, error) {
		compile, ok := kinds[kind]
		if !ok {
			return nil, nil
		}
		k, err := compile()
		if err != nil {
			return nil, err
		}
		return k.schema, nil
	}
}
