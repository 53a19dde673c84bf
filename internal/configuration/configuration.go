// Package configuration writes what a control plane holds as a configuration of
// Terraform, such as a person would have written: one file per kind, references
// in place of ids, names taken from the entities, and nothing that is the default.
//
// [Export] goes through the control plane and returns a [Folder]: the texts of
// its files, and notes of what could not become part of them. What is to be
// read, and what a state and a configuration of an object look like, is asked of
// the resources, which import and list the same way. Here objects get their names
// (names.go), values become expressions with references, variables and files in
// the place of texts (expression.go), and blocks become files (files.go).
// [Folder.Write] puts a folder on disk, whole or not at all.
//
// The package knows no command line, and not where the control plane is: it has a
// session, and is told what the provider's own block says.
package configuration

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// Options say what is exported, and how.
type Options struct {
	// Imports adds blocks that import everything.
	Imports bool
	// Tags select what has all of them, Kinds what is of one of them. Without any,
	// everything is.
	Tags  []string
	Kinds []*entity.Type
	// Provider is what the provider's block says.
	Provider Provider
	// Progress hears how much of some work is done, if it is not nil.
	Progress func(work string, done, total int)
}

// Folder is a configuration.
type Folder struct {
	// Files are texts by their names, which have slashes for folders.
	Files map[string]string
	// Resources is how many there are.
	Resources int
	// Notes say what is not part of it, and why.
	Notes []string
}

// Export returns what the control plane of an id holds as a configuration.
func Export(ctx context.Context, s *session.Session, controlPlane string, o Options) (*Folder, error) {
	e := newExporter(ctx, s, controlPlane, o)
	if err := e.collect(ctx); err != nil {
		return nil, err
	}
	if err := e.read(ctx); err != nil {
		return nil, err
	}
	e.name()
	e.write()
	return e.folder, nil
}

func newExporter(ctx context.Context, s *session.Session, controlPlane string, o Options) *exporter {
	return &exporter{
		Options: o, ctx: ctx, session: s, plane: controlPlane,
		byAddress: map[address]*object{}, byID: map[string]*object{}, byName: map[string]*object{}, taken: map[string]bool{}, files: map[string]*file{}, folder: &Folder{Files: map[string]string{}},
	}
}

// exporter is one export on its way.
type exporter struct {
	Options

	ctx     context.Context // one export is one call
	session *session.Session
	plane   string // its id

	objects   []*object // those that others refer to before those
	byAddress map[address]*object
	byID      map[string]*object  // nil where several have one
	named     map[address]*object // see known
	prints    map[*object]string  // see print
	byName    map[string]*object  // in the configuration: "konnect_gateway_service.orders"
	variables []variable
	taken     map[string]bool // names of variables, and of files beside the blocks
	files     map[string]*file
	folder    *Folder
}

// address is what tells an object from others of its type.
type address struct{ typ, id string }

func (e *exporter) progress(work string, done, total int) {
	if e.Progress != nil {
		e.Progress(work, done, total)
	}
}

// note says what is not exported: among the notes, and in the file of its kind.
func (e *exporter) note(typ *entity.Type, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	e.folder.Notes = append(e.folder.Notes, "Not exported: "+text)
	e.fileOf(typ).notes = append(e.fileOf(typ).notes, text)
}

// KindsNamed returns the types that a word stands for: the name of an entity as
// Kong has it, in the plural or the singular, or of a resource.
func KindsNamed(word string) ([]*entity.Type, error) {
	var found []*entity.Type
	for _, k := range kinds() {
		names := []string{k.typ.Name, k.typ.Singular, strings.ReplaceAll(k.typ.Title, " ", "-")}
		for _, r := range k.resources {
			names = append(names, r.Name, strings.TrimPrefix(r.Name, prefix))
		}
		if slices.Contains(names, word) {
			found = append(found, k.typ)
		}
	}
	if found == nil {
		var all []string
		for _, k := range kinds() {
			all = append(all, k.typ.Name)
		}
		slices.Sort(all)
		return nil, fmt.Errorf("%q is no kind of entity; there are: %s", word, strings.Join(slices.Compact(all), ", "))
	}
	return found, nil
}

// prefix begins the names of most resources.
const prefix = "konnect_gateway_"

// compare orders objects of one file.
func compare(a, b *object) int {
	return cmp.Or(strings.Compare(a.resource.Name, b.resource.Name), strings.Compare(a.label, b.label))
}
