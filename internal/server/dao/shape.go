package dao

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// withoutNull removes null values from config: to clients null means unset,
// even for a required record, whose defaults then apply. To the engine null is
// a value. It stays a value where no schema describes the content: in the
// config of a vault, or in a field that holds any JSON.
func withoutNull(sc *schema.Schema, body map[string]any) map[string]any {
	if body["config"] == nil {
		return body // most entities have none
	}
	return sc.Walk(body, func(c *schema.Cursor) bool {
		switch len(c.Path) {
		case 0:
			return true
		case 1:
			return c.Path[0] == schema.Key("config") && c.Level != nil
		}
		if c.Value == nil && c.Path[len(c.Path)-1].IsKey() {
			c.Delete()
		}
		return c.Field == nil || c.Field.Type != schema.JSON
	})
}

// withObjects writes an empty map or record as an object. To the engine, as in
// Lua, an empty list is the same, and some defaults are written like that.
// Clients with types cannot read it.
func withObjects(sc *schema.Schema, doc map[string]any) map[string]any {
	return sc.Walk(doc, func(c *schema.Cursor) bool {
		if list, ok := c.Value.([]any); ok && len(list) == 0 && c.Field != nil && isObject(c.Field.Type) {
			c.Replace(map[string]any{})
		}
		return true
	})
}

func isObject(t schema.Type) bool { return t == schema.Map || t == schema.Record }
