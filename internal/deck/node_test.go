package deck

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// TestEmit holds what is written against what is read, by us and by a parser
// that knows nothing of us.
func TestEmit(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", " ", "a", "A-b_c.d/e", "yes", "No", "on", "y", "null", "~", "true", "1", "1.5", "0x10", "1_000", "12:30:45", "2001-01-01",
		"- a", "a: b", "a #b", "#a", "*a", "&a", "!a", "%a", "@a", "`a", "{a}", "[a]", "a,b", "'", `"`, `\`, "a\tb", "a\rb", "a\x00b", "\u0085", "\u2028", "\ufeff",
		"two\nlines", "two\nlines\n", "two\nlines\n\n", "\nfirst", " indented\nline", "trailing \nblank", "a\n\nb\n", "a\n  b\nc", "tab\n\tb",
		"{vault://env/a}", "${{ env \"X\" }}", "ä", "日本", "🙂", "~/.*", "/a b", "=", "<<", "---", "...", "--- a", "a:", ":a", "? a", "|", ">", "-", ".inf", "1e3", "+1",
		"a\n# b\n", "a\n---\nb\n", "-----BEGIN CERTIFICATE-----\nMII+/=\n-----END CERTIFICATE-----\n",
	}
	doc := map[string]any{"n": json.Number("12345678901234567890"), "f": json.Number("1.50"), "e": json.Number("1e3"), "t": true, "z": nil}
	var list []any
	for _, s := range texts {
		doc["key "+s] = s
		doc[s] = map[string]any{"in": s, "list": []any{s, []any{s}, map[string]any{"a": s, "b": []any{s}}}}
		list = append(list, s)
	}
	doc["list"], doc["empty"], doc["none"] = list, map[string]any{}, []any{[]any{}, map[string]any{}, nil}
	text := emit([]string{"a comment\nof two lines"}, doc)
	got, err := parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(any(doc), got.value()); diff != "" {
		t.Errorf("ours: %s", diff)
	}
	var theirs map[string]any
	if err := yaml.Unmarshal(text, &theirs); err != nil {
		t.Fatal(err)
	}
	for _, s := range texts {
		if theirs["key "+s] != s {
			t.Errorf("theirs: %q is read as %q", s, theirs["key "+s])
		}
	}
	if again := emit([]string{"a comment\nof two lines"}, got.value().(map[string]any)); !bytes.Equal(text, again) {
		t.Error("written differently the second time")
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"a: 1\nb: [x, 'y', \"z\"]\n", `{"a":1,"b":["x","y","z"]}`},
		{`{"a": 1, "b": [true, null, "x"]}`, `{"a":1,"b":[true,null,"x"]}`},
		{"\ufeffa: 1", `{"a":1}`},
		{"# c\n---\na: 1\n...\n", `{"a":1}`},
		{"a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n", `{"a":{"b":1},"c":{"b":1},"d":{"b":1,"e":2}}`},
		{"a: &x {b: 1}\nd:\n  b: 3\n  <<: *x\n", `{"a":{"b":1},"d":{"b":3}}`},
		{"a: 0x10\nb: 1_000\nc: 1.50\nd: 123456789012345678901234567890\n", `{"a":16,"b":1000,"c":1.50,"d":123456789012345678901234567890}`},
		{"a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{"a":"x\ny\n","b":"x y"}`},
		{"a:\nb: ~\nc: ''\n", `{"a":null,"b":null,"c":""}`},
		{"a: !!str 1\n", `{"a":"1"}`},
		{"1: a\n", `{"1":"a"}`},
	} {
		n, err := parse([]byte(tt.text))
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		got, err := json.Marshal(n.value())
		if err != nil || string(got) != tt.want {
			t.Errorf("%q: got %s, %v, want %s", tt.text, got, err, tt.want)
		}
	}
}

func TestParse_refused(t *testing.T) {
	t.Parallel()
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		n := string(rune('0' + i))
		laughs += "a" + string(rune('1'+i)) + ": &a" + string(rune('1'+i)) + " [" + strings.Repeat("*a"+n+", ", 9) + "*a" + n + "]\n"
	}
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "1: the file is empty"},
		{"only a comment", "# a\n", "1: the file is empty"},
		{"blanks", " \n\t\n", "1: the file is empty"},
		{"not UTF-8", "a: 1\nb: \xff\n", "2: text that is not UTF-8"},
		{"UTF-16", "\xff\xfea\x00", "1: text that is not UTF-8"},
		{"key twice", "a: 1\nb: 1\na: secret\n", "3: mapping key …"},
		{"tab", "a:\n\tb: secret\n", "2: found character"},
		{"two documents", "a: 1\n---\nb: 2\n", "3: a second document begins"},
		{"unclosed", "a: [1, 2\n", "1: "},
		{"unclosed quote", "a: \"secret\n", "1: "},
		{"no such anchor", "a: 1\nb: *x\n", "2: "},
		{"anchor within itself", "a: &x\n  b: *x\n", "2: *x stands within &x itself"},
		{"anchors in a circle", "a: &x [1, &y [*x]]\n", "1: *x stands within &x itself"},
		{"billion laughs", laughs, "6: aliases make more than 1000000 values"},
		{"merge of a text", "a: &x text\nb:\n  <<: *x\n", "1: only mappings can be merged"},
		{"unknown tag", "a: !secret x\n", "1: the tag of this value"},
		{"infinite", "a: .inf\n", "1: numbers are finite"},
		{"deep brackets", "a: " + strings.Repeat("[", 1000000) + strings.Repeat("]", 1000000), "1: nested more than 200 levels"},
		{"deep dashes", strings.Repeat("- ", 100000) + "x", "1: nested more than 200 levels"},
		{"deep braces", strings.Repeat("{a: ", 100000), "1: "},
		{"deep indents", deepIndents(2000), "nested more than 200 levels"},
		{"after comments with other line breaks", "# a\r\n# b\r\nc: 'x\r\n  y'\r\nd: .inf\r\n", "5: numbers are finite"},
		{"after old line breaks", "a: 1\rb: .inf\r", "2: numbers are finite"},
		{"JSON cut off", "{\"a\": [1,\n2", "2: this is no JSON: it ends too early"},
		{"JSON key twice", "{\"a\": 1,\n\"a\": 2}", `2: the key "a" is there already, in line 1`},
		{"JSON with more", "{}\n{}", "2: nothing may follow the closing brace"},
		{"JSON with a comment", "{\n// x\n}", "2: this is no JSON: invalid character '/'"},
		{"deep JSON", strings.Repeat(`{"a":`, 100000), "1: nested more than 200 levels"},
		{"deep JSON list", `{"a":` + strings.Repeat(`[`, 100000), "1: nested more than 200 levels"},
	} {
		_, err := parse([]byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func deepIndents(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
