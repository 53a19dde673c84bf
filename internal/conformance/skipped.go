package conformance

import (
	_ "embed"
	"strings"
)

// skipped are the vectors whose recorded answer hangs on the order of a hash
// table or on a crash of the reference, with the reason. Such a vector counts
// as skipped only while our answer differs.
var skipped = readSkipped(skippedText)

//go:embed skipped.txt
var skippedText string

func readSkipped(text string) map[string]string {
	reasons := make(map[string]string)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, _ := strings.Cut(line, " ")
		reasons[id] = strings.TrimSpace(reason)
	}
	return reasons
}
