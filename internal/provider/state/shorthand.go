package state

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// The schema translates old names of fields, and no document keeps them. If a
// configuration uses one, state holds the value under the old name and nothing
// under the new one.

// withoutTranslated takes out of an answer what it holds because of old names in
// the prior state, unless the value has changed.
func withoutTranslated(ctx context.Context, a *attribute.Attribute, prior map[string]tftypes.Value, answer map[string]any) map[string]any {
	for _, c := range a.Children {
		if c.Shorthand == nil || tfvalue.IsNull(prior[c.Name]) || c.Shorthand.Func == nil {
			continue
		}
		result, err := c.Shorthand.Func.Call(ctx, c.ToGo(prior[c.Name]))
		if err != nil || len(result) == 0 {
			continue
		}
		if table, ok := result[0].(map[string]any); ok {
			answer = document.Subtract(answer, table)
		}
	}
	return answer
}
