package plugins

import (
	"fmt"
	"strings"
)

// functionPhases are the lists of Lua functions, one per phase of a request.
var functionPhases = elementValidators(
	"certificate", "rewrite", "access", "header_filter", "body_filter", "log",
	"ws_handshake", "ws_client_frame", "ws_upstream_frame", "ws_close")

// functionSource judges the text of a function of that plugin. The text must
// compile; nothing runs it.
func functionSource(plugin string) check {
	return func(source any) any {
		s, _ := source.(string)
		if err := parseLua(s, s); err != nil {
			return fmt.Sprintf("error parsing %s: %v", plugin, err)
		}
		return nil
	}
}

// phaseSource is functionSource for the bundled plugins, but accepts a single
// word. No function is that short: the word is a placeholder, as in examples.
func phaseSource(plugin string) check {
	compiles := functionSource(plugin)
	return func(source any) any {
		if s, _ := source.(string); s != "" && strings.Trim(s, wordCharacters) == "" {
			return nil
		}
		return compiles(source)
	}
}

const wordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

func luaCode(source any) any {
	s, _ := source.(string)
	if err := parseLua(s, s); err != nil {
		return fmt.Sprintf("Error parsing function: %v", err)
	}
	return nil
}
