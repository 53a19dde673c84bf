package acctest

import (
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Older gives the fields of a plugin that an earlier default is known for, and
// lists in another order. It returns the changed places.
func Older(p *plugins.Plugin, doc map[string]any) (changed []string) {
	former := p.Info.FormerDefaults()
	p.Schema.Walk(doc, func(c *schema.Cursor) bool {
		place := c.Path.String()
		if list, ok := c.Value.([]any); ok && len(list) > 1 && c.Field != nil && schema.Equal(c.Field.Default, list) {
			if _, text := list[0].(string); text && len(c.Path) > 0 && c.Path[0].Name == "config" {
				reversed := slices.Clone(list)
				slices.Reverse(reversed)
				c.Path.Set(doc, reversed)
				changed = append(changed, place)
			}
			return false
		}
		for _, v := range former[place] {
			if v == nil || c.Field == nil || c.Field.Func != nil || schema.Equal(v, c.Value) || !schema.Equal(c.Value, c.Field.Default) {
				continue
			}
			if _, scalar := c.Value.([]any); !scalar {
				c.Path.Set(doc, v)
				changed = append(changed, place)
			}
			break
		}
		return true
	})
	return changed
}
