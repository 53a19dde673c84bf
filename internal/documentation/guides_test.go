package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const matter = "---\npage_title: \"Tokens: a guide\"\ndescription: |-\n  Which there are,\n  and what they may do.\n---\n\n# Tokens\n"

func TestGuides(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want, err string }{
		"good":              {text: matter, want: "\n- [Tokens: a guide](guides/tokens.md): Which there are, and what they may do.\n\n"},
		"other keys":        {text: strings.Replace(matter, "---\n", "---\nsubcategory: \"\"\n", 1), want: "\n- [Tokens: a guide](guides/tokens.md): Which there are, and what they may do.\n\n"},
		"empty":             {text: "", err: "tokens.md: it does not begin with front matter"},
		"no front matter":   {text: "# Tokens\n", err: "it does not begin with front matter"},
		"not at the start":  {text: "\n" + matter, err: "it does not begin with front matter"},
		"open front matter": {text: "---\npage_title: x\n", err: "it does not begin with front matter"},
		"not YAML":          {text: "---\npage_title: [\n---\n", err: "its front matter: "},
		"a list as title":   {text: "---\npage_title: [a]\n---\n", err: "its front matter: "},
		"no title":          {text: "---\ndescription: x\n---\n", err: "no page_title"},
		"no description":    {text: "---\npage_title: x\n---\n", err: "no description"},
		"blank description": {text: "---\npage_title: x\ndescription: |-\n  \n---\n", err: "no description"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write(t, filepath.Join(folder, "tokens.md"), tt.text)
			got, err := guides(folder)
			if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%q, %v; want %q, %s", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	lists := map[string]string{"guides": "G\n", "plugins": "P\n"}
	for name, tt := range map[string]struct{ text, want string }{
		"first time": {"a\n<!-- guides -->\n<!-- end of guides -->\nb\n<!-- plugins -->\n<!-- end of plugins -->\n", "a\n<!-- guides -->\nG\n<!-- end of guides -->\nb\n<!-- plugins -->\nP\n<!-- end of plugins -->\n"},
		"again":      {"<!-- plugins -->\nP\n<!-- end of plugins -->\n<!-- guides -->\nold\n<!-- end of guides -->\n", "<!-- plugins -->\nP\n<!-- end of plugins -->\n<!-- guides -->\nG\n<!-- end of guides -->\n"},
		"no place":   {"<!-- plugins -->\n<!-- end of plugins -->\n", ""},
		"open":       {"<!-- guides -->\n<!-- plugins -->\n<!-- end of plugins -->\n", ""},
		"end first":  {"<!-- end of guides -->\n<!-- guides -->\n<!-- plugins -->\n<!-- end of plugins -->\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "index.md")
			write(t, file, tt.text)
			err := list(file, lists)
			if tt.want == "" {
				if err == nil || !strings.Contains(err.Error(), "there is no place for the guides") {
					t.Errorf("%v, want an error that there is no place for the guides", err)
				}
				tt.want = tt.text
			} else if err != nil {
				t.Error(err)
			}
			if got := read(t, file); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestGuides_order(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write(t, filepath.Join(folder, "a.md"), strings.Replace(matter, "Tokens: a guide", "Zones", 1))
	write(t, filepath.Join(folder, "b.md"), matter)
	got, err := guides(folder)
	if err != nil || strings.Index(got, "[Tokens") > strings.Index(got, "[Zones") {
		t.Errorf("%q, %v; want them by title", got, err)
	}
}

// Every guide is linked from the front page as it is checked in.
func TestGuides_linked(t *testing.T) {
	t.Parallel()
	templates, err := filepath.Glob("../../templates/guides/*.md.tmpl")
	if err != nil || len(templates) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	index := read(t, "../../docs/index.md")
	for _, template := range templates {
		name := strings.TrimSuffix(filepath.Base(template), ".tmpl")
		g, err := readGuide(template)
		if err != nil {
			t.Errorf("%s: %v", template, err)
		}
		if line := "\n- [" + g.Title + "](guides/" + name + "): " + g.Description + "\n"; !strings.Contains(index, line) {
			t.Errorf("the front page lacks%s", line)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// picture is one that a page shows: registries know no other addresses than whole ones.
var picture = regexp.MustCompile(`!\[([^]]*)\]\((?:https://raw\.githubusercontent\.com/openkonnect/terraform-provider-konnect/main/)?([^)]*)\)`)

// TestPictures looks for the pictures of the guides and of the README.
func TestPictures(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../templates/guides/*.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range picture.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join("../..", m[2])); err != nil || m[1] == "" {
				t.Errorf("%s shows %s, in words %q: %v", page, m[2], m[1], err)
			}
			shown[filepath.Base(m[2])] = true
		}
	}
	kept, err := os.ReadDir("../../docs/images")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range kept {
		if !shown[file.Name()] {
			t.Errorf("nothing shows %s", file.Name())
		}
	}
}
