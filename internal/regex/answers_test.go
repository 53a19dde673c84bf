package regex_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/regex"
)

// letters are ngx.re's options.
var letters = map[rune]regex.Flags{
	'a': regex.Anchored, 'i': regex.Caseless, 'm': regex.Multiline, 's': regex.DotAll, 'u': regex.UTF, 'x': regex.Extended, 'D': regex.DupNames, '-': 0,
}

// TestAnswers compares with PCRE2's own answers.
func TestAnswers(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	checked, searched := 0, 0
	for n := 1; lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		columns := strings.Split(lines.Text(), "\t")
		if len(columns) < 5 {
			checked++
			checkAnswer(t, n, columns)
		} else {
			searched++
			findAnswer(t, n, columns)
		}
	}
	if err := lines.Err(); err != nil || checked < 900 || searched < 2000 {
		t.Errorf("read %d verdicts and %d searches, then %v", checked, searched, err)
	}
}

func checkAnswer(t *testing.T, line int, columns []string) {
	t.Helper()
	pattern, flags := asked(t, line, columns)
	got, want := "ok", columns[2]
	if err := regex.Check(pattern, flags); err != nil {
		got = err.Error()
	}
	if len(columns) > 3 {
		want = strings.TrimPrefix(columns[3], "since 10.43: ")
	}
	if got != want {
		t.Errorf("line %d: Check(%q) = %s, want %s", line, pattern, got, want)
	}
}

func findAnswer(t *testing.T, line int, columns []string) {
	t.Helper()
	pattern, flags := asked(t, line, columns)
	text, err := strconv.Unquote(columns[2])
	init, err2 := strconv.Atoi(columns[3])
	if err = errors.Join(err, err2); err != nil {
		t.Fatalf("line %d: %v", line, err)
	}
	want := columns[4]
	if len(columns) > 5 {
		want = strings.TrimPrefix(columns[5], "differs: ")
	}
	m, err := regex.Find(t.Context(), pattern, flags, text, init)
	got := groups(m)
	if err != nil {
		got = strings.Replace(err.Error(), regex.ErrUnsupported.Error(), "not searched", 1)
	}
	if got != want {
		t.Errorf("line %d: Find(%q, %q) = %s, want %s", line, pattern, text, got, want)
	}
}

// asked are the pattern and the flags of a line.
func asked(t *testing.T, line int, columns []string) (pattern string, flags regex.Flags) {
	t.Helper()
	pattern, err := strconv.Unquote(columns[0])
	if err != nil {
		t.Fatalf("line %d: %v", line, err)
	}
	for _, letter := range columns[1] {
		flag, ok := letters[letter]
		if !ok {
			t.Fatalf("line %d: unknown flag %c", line, letter)
		}
		flags |= flag
	}
	return pattern, flags
}

// groups is a match as the answers have it.
func groups(m *regex.Match) string {
	if m == nil {
		return "none"
	}
	var texts []string
	for _, g := range m.Groups {
		if g[0] < 0 {
			texts = append(texts, "-")
		} else {
			texts = append(texts, fmt.Sprintf("%d-%d", g[0], g[1]))
		}
	}
	return strings.Join(texts, " ")
}
