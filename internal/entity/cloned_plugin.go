package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// clonable are the bundled plugins that can be cloned.
var clonable = words(
	"acl", "datakit", "file-log", "http-log", "ip-restriction", "key-auth", "opa", "openid-connect",
	"post-function", "pre-function", "request-transformer", "request-transformer-advanced",
	"response-transformer", "response-transformer-advanced", "route-by-header", "tcp-log",
)

// MaxClones is how many clones one plugin may have in a control plane.
const MaxClones = 5

// clonedPlugin is a bundled plugin under another name, for instances in the same
// scope. Its instances are judged by the schema of the plugin that ref names.
func clonedPlugin() schema.Def {
	return entityDef("cloned_plugins", []any{
		field("id", typedef("uuid")),
		field("created_at", typedef("auto_timestamp_s")),
		field("updated_at", typedef("auto_timestamp_s")),
		field("name", schema.Def{
			"type": "string", "required": true, "unique": true, "match": "^[%w_%-]+$", "len_max": number(128),
			"err": "must be at most 128 letters, digits, '-' and '_'",
		}),
		field("ref", schema.Def{"type": "string", "required": true, "one_of": clonable}),
		field("priority", schema.Def{"type": "integer"}),
		field("tags", typedef("tags")),
	}, schema.Def{"endpoint_key": "name"})
}
