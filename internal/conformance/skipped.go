package conformance

import (
	_ "embed"
	"regexp"
	"strings"
)

// reasonToSkip says why a different answer to a vector does not matter: the
// vector is in skipped.txt, or the reference's own code crashed, not the
// schema's. For all other vectors it is "".
func reasonToSkip(v *Vector) string {
	if reason := skipped[v.ID]; reason != "" {
		return reason
	}
	if text, ok := v.Raised.(string); ok && engineLine.MatchString(text) {
		return "crash: " + text
	}
	return ""
}

// engineLine starts a Lua error that the reference's own code raised.
var engineLine = regexp.MustCompile(`^kong/[\w/]+\.lua:\d+: `)

// skipped are the vectors with an answer that depends on the order of a hash
// table or on a crash of the reference, with the reason in our words. A vector
// counts as skipped only while our answer differs.
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
