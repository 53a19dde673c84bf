// Package meaning says in our own words what the bundled plugins are for, and
// what each field of their configurations does.
//
// The words are in text files that people edit: text/NAME.txt for the plugin
// NAME, and text/shared/NAME.txt for what several plugins have in common, such
// as the connection to a Redis. A [Plugin] is what is written about one. Facts
// that the schema has, such as defaults, bounds and versions, are not written
// here: who shows a description adds them.
//
// The package knows paths and sentences. It does not know schemas, Terraform, or
// who shows the words.
package meaning

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed text
var texts embed.FS

// Plugin is what is written about a plugin.
type Plugin struct {
	Group string // the plugins that people look for together, such as Authentication
	About string // what it does, in a sentence or two
	When  string // what it is used for

	own    map[string]string   // by path below config
	shared []map[string]string // by the end of such a path
	// same is the name of a field that means what the shared words call otherwise,
	// and that other name; empty for most plugins.
	same []string
}

// Of returns what is written about a bundled plugin: nothing, where its file
// does not exist.
func Of(name string) *Plugin {
	p, err := read(texts, name)
	if err != nil {
		return &Plugin{} // the tests read all of the files
	}
	return p
}

// Field returns the description of a field, or "". The path begins with config;
// the elements of lists and the values of maps take no step in it, as in
// "config.targets.model.name".
//
// The plugin's own words for that very path come first, then the shared words
// for the longest end of it.
func (p *Plugin) Field(path string) string {
	path, below := strings.CutPrefix(path, "config.")
	if !below {
		return ""
	}
	if text := p.own[path]; text != "" {
		return text
	}
	for end := p.called(path); ; {
		for _, words := range p.shared {
			if text := words[end]; text != "" {
				return text
			}
		}
		_, rest, more := strings.Cut(end, ".")
		if !more {
			return ""
		}
		end = rest
	}
}

// called puts the names of the shared words into a path.
func (p *Plugin) called(path string) string {
	if len(p.same) == 0 {
		return path
	}
	steps := strings.Split(path, ".")
	for i, step := range steps {
		if step == p.same[0] {
			steps[i] = p.same[1]
		}
	}
	return strings.Join(steps, ".")
}

// read reads the file of a plugin and those that it uses.
func read(from fs.FS, name string) (*Plugin, error) {
	p := &Plugin{}
	var err error
	p.own, err = parse(from, "text/"+name+".txt", func(directive, value string) error {
		switch directive {
		case "group":
			p.Group = value
		case "about":
			p.About = value
		case "when":
			p.When = value
		case "same":
			if p.same = strings.Fields(value); len(p.same) != 2 {
				return errors.New("@same takes the name of a field and the name that shared words have for it")
			}
		case "uses":
			for other := range strings.SplitSeq(value, ", ") {
				words, err := sharedWords(from, other)
				if err != nil {
					return err
				}
				p.shared = append(p.shared, words)
			}
		default:
			return fmt.Errorf("@%s is none of @group, @about, @when, @same and @uses", directive)
		}
		return nil
	})
	return p, err
}

// known holds the shared files that were read: many plugins use the same ones.
var known sync.Map

func sharedWords(from fs.FS, name string) (map[string]string, error) {
	if words, ok := known.Load(name); ok {
		return words.(map[string]string), nil
	}
	words, err := parse(from, "text/shared/"+name+".txt", func(directive, _ string) error {
		return fmt.Errorf("@%s has no meaning in a shared file", directive)
	})
	if err == nil {
		known.Store(name, words)
	}
	return words, err
}

// parse reads lines of the form "path: words". Those that begin with # are for
// who edits the file, and those that begin with @ are directives.
func parse(from fs.FS, file string, directive func(name, value string) error) (map[string]string, error) {
	content, err := fs.ReadFile(from, file)
	if err != nil {
		return nil, err
	}
	words := map[string]string{}
	number := 0
	for line := range strings.Lines(string(content)) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, is := strings.CutPrefix(line, "@"); is {
			name, value, _ := strings.Cut(name, " ")
			if err := directive(name, value); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, number, err)
			}
			continue
		}
		path, text, ok := strings.Cut(line, ": ")
		switch {
		case !ok || strings.Contains(path, " "):
			return nil, fmt.Errorf("%s:%d: write a path, a colon and a description", file, number)
		case words[path] != "":
			return nil, fmt.Errorf("%s:%d: %s is described above already", file, number, path)
		}
		words[path] = text
	}
	return words, nil
}
