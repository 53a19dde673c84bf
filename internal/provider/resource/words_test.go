package resource

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
)

// texts is the folder of what is written about plugins.
const texts = "../../plugins/meaning/text"

// Every attribute below config is described in words, and no words are left over
// that describe nothing.
func TestWords(t *testing.T) {
	t.Parallel()
	unused := map[string]map[string]string{} // by file, the lines that were not asked for
	for _, pattern := range []string{"*.txt", "shared/*.txt"} {
		files, err := filepath.Glob(filepath.Join(texts, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			unused[file], _ = written(t, file)
		}
	}
	plugins := map[string]bool{}
	for _, name := range Bundled().Names() {
		plugins[name] = true
		words := meaning.Of(name)
		if words.About == "" {
			t.Errorf("nothing is written about the plugin %s", name)
			continue
		}
		own := filepath.Join(texts, name+".txt")
		_, uses := written(t, own)
		files := append(uses, own)
		walk(ConfigOf(name), "config", func(path string, a *attribute.Attribute) {
			if a.Shorthand != nil {
				return // it is described by what takes its place
			}
			if words.Field(path) == "" {
				t.Errorf("%s: nobody says what %s is", name, path)
			}
			use(unused, files, path, words.Field(path))
		})
	}
	for file, paths := range unused {
		if filepath.Dir(file) == texts && !plugins[strings.TrimSuffix(filepath.Base(file), ".txt")] {
			t.Errorf("there is no plugin for %s", file)
		}
		for path := range paths {
			t.Errorf("%s: nothing is called %s", file, path)
		}
	}
}

// use takes the line that gave a field its words off the unused ones: the one
// with the same words for a field of that name.
func use(unused map[string]map[string]string, files []string, path, text string) {
	for _, file := range files {
		for line, words := range unused[file] {
			if words == text && path[strings.LastIndexByte(path, '.')+1:] == line[strings.LastIndexByte(line, '.')+1:] {
				delete(unused[file], line)
			}
		}
	}
}

// written returns what a file says by path, and the shared files that it uses.
func written(t *testing.T, file string) (lines map[string]string, uses []string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines = map[string]string{}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if value, ok := strings.CutPrefix(line, "@uses "); ok {
			for name := range strings.SplitSeq(value, ", ") {
				uses = append(uses, filepath.Join(texts, "shared", name+".txt"))
			}
		}
		if path, text, ok := strings.Cut(line, ": "); ok && line[0] != '#' && line[0] != '@' {
			lines[path] = text
		}
	}
	return lines, uses
}

// walk visits what is below an attribute. Elements take no step in the path.
func walk(a *attribute.Attribute, at string, visit func(path string, a *attribute.Attribute)) {
	for _, c := range a.Children {
		if c.Key == "" {
			continue
		}
		visit(at+"."+c.Key, c)
		walk(c, at+"."+c.Key, visit)
	}
	if a.Elem != nil {
		walk(a.Elem, at, visit)
	}
}
