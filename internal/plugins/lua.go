package plugins

import (
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luasyntax"
)

// parseLua judges the syntax of a Lua text. Messages name the text as Lua's
// loader does.
func parseLua(name, source string) error {
	_, err := luasyntax.Parse(fmt.Sprintf("[string \"%s\"]", name), source)
	return err
}
