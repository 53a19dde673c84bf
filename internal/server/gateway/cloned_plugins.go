package gateway

import (
	"context"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// completeClonedPlugin is irregular because a clone must not have the name of
// any other plugin, bundled ones included.
func (s *Gateway) completeClonedPlugin(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	doc, err := s.Completed(ctx, entity.ClonedPlugin.Schema(), body)
	if err != nil {
		return nil, err
	}
	return doc, s.notBundled(jsonvalue.Text(doc["name"]))
}

// roomForClone refuses a name that a plugin of another kind has, and one clone
// too many of a plugin.
func (s *Gateway) roomForClone(ctx context.Context, tx *store.Tx, scope string, doc map[string]any) error {
	if err := absent(ctx, tx, entity.ClonedPlugin, scope, doc); err != nil {
		return err
	}
	others := func(other map[string]any) bool {
		return other["ref"] == doc["ref"] && other["name"] != doc["name"] && other["id"] != doc["id"]
	}
	page, err := tx.List(ctx, entity.ClonedPlugin, scope, store.Query{Size: 1, Number: 1, Match: others})
	if err == nil && page.Total >= entity.MaxClones {
		err = fault.Violation("ref", "limit", fmt.Sprintf("there are %d clones of '%s', which is as many as there can be", page.Total, doc["ref"]))
	}
	return err
}
