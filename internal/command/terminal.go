package command

import (
	"os"

	"github.com/mattn/go-isatty"
)

// isTerminal says whether a person reads what is written there, or writes what
// is read.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}
