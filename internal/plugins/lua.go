package plugins

import (
	"fmt"
	"strings"

	"github.com/yuin/gopher-lua/parse"
)

func parseLua(name, source string) error {
	_, err := parse.Parse(strings.NewReader(source), name)
	if err != nil {
		return fmt.Errorf("[string %q]:%v", name, err)
	}
	return nil
}
