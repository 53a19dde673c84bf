package plugins

import (
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
)

// Custom is the plugin of a schema.lua.
func Custom(p *luaschema.Plugin) *Plugin {
	return &Plugin{Name: p.Name, Schema: p.Schema, Def: p.Def, Custom: true}
}

// parseLua judges the syntax of a Lua text. Messages name the text as Lua's
// loader does.
func parseLua(name, source string) error {
	_, err := luasyntax.Parse(fmt.Sprintf("[string \"%s\"]", name), source)
	return err
}
