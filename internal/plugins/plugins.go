// Package plugins is the set of plugin schemas that a control plane knows, by
// name: those that Kong bundles and, layered on top, custom ones.
//
// What is bundled comes from data/, one file per plugin in a form of our own,
// which the command catalog verifies and brings up to date. A plugin is decoded
// and compiled when it is first asked for. Rules that Kong keeps in code are Go
// functions here, registered by name (functions*.go); data refers to them as
// {"function": "<plugin>:<path>.custom_validator"}. An entity check whose rule
// is not known has the mark "unjudged" and is left out.
//
// [Judge] (konnect*.go) applies Konnect's rules beyond the schemas, and those
// of the versions of data planes. It takes them from the facts in [Info].
//
// The package knows nothing of HTTP, SQL or Terraform. It gets the schema of
// the plugins entity from its callers.
package plugins

import (
	"fmt"
	"sort"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Plugin is one plugin schema, ready for use.
type Plugin struct {
	Name   string
	Schema *schema.Schema // the plugins entity, specialised for this plugin
	Def    schema.Def     // the plugin's own definition; never changed
	Custom bool           // uploaded by a user
	Info   *Info          // what is known about a bundled plugin; nil for custom ones
	Source string         // the bundled plugin that this one is a clone of, or ""

	// Adopted are the defaults that a control plane has in place of ours, by place;
	// see [Plugin.AsServed].
	Adopted map[string]any

	// Unjudged names the checks that Kong has in code and this package does not
	// know: Kong may refuse what Schema accepts.
	Unjudged []string
}

// Set is a set of plugins by name. It never changes and is safe for use by
// any number of goroutines; a bundled plugin costs nothing until it is used.
type Set struct {
	parent  *schema.Schema
	entries map[string]func() (*Plugin, error)
	names   []string // sorted
	bound   *schema.Schema
}

// Bundled returns the set of all bundled plugins. parent is the plugins
// entity; refs resolves the entities that foreign fields refer to.
func Bundled(parent *schema.Schema, refs func(entity string) *schema.Schema) *Set {
	entries := make(map[string]func() (*Plugin, error))
	for _, name := range bundledNames() {
		entries[name] = sync.OnceValues(func() (*Plugin, error) { return Read(name, parent, refs) })
	}
	return newSet(parent, entries)
}

// Read compiles one bundled plugin, for callers that need it once: a set would
// keep it.
func Read(name string, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	f, err := readBundled(name)
	if err != nil {
		return nil, err
	}
	return f.plugin(parent, refs)
}

// NewSet returns a set of just these plugins. Of two plugins with one name the
// later one counts.
func NewSet(parent *schema.Schema, plugins ...*Plugin) *Set {
	return newSet(parent, nil).With(plugins...)
}

func newSet(parent *schema.Schema, entries map[string]func() (*Plugin, error)) *Set {
	s := &Set{parent: parent, entries: entries, names: make([]string, 0, len(entries))}
	for name := range entries {
		s.names = append(s.names, name)
	}
	sort.Strings(s.names)
	s.bound = parent.WithSubschemas(func(name string) *schema.Schema {
		if p, ok := s.Lookup(name); ok {
			return p.Schema
		}
		return nil
	})
	return s
}

// With returns the set with these plugins layered on top; s itself stays as
// it is.
func (s *Set) With(custom ...*Plugin) *Set {
	entries := make(map[string]func() (*Plugin, error), len(s.entries)+len(custom))
	for name, load := range s.entries {
		entries[name] = load
	}
	for _, p := range custom {
		entries[p.Name] = func() (*Plugin, error) { return p, nil }
	}
	return newSet(s.parent, entries)
}

// Lookup returns the plugin of that name.
func (s *Set) Lookup(name string) (*Plugin, bool) {
	p, err := s.Load(name)
	return p, err == nil
}

// Load is Lookup with an error that says why there is no such plugin. For
// bundled plugins the only reason is the name: tests load all of them.
func (s *Set) Load(name string) (*Plugin, error) {
	load, ok := s.entries[name]
	if !ok {
		return nil, fmt.Errorf("no plugin is named %q", name)
	}
	return load()
}

// Names returns the names of all plugins, sorted.
func (s *Set) Names() []string { return append([]string(nil), s.names...) }

// Schema returns the plugins entity bound to this set: it validates a plugin
// of any name in it.
func (s *Set) Schema() *schema.Schema { return s.bound }
