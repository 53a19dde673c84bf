// Package session holds what a configured provider knows during one walk of
// Terraform's through the resources.
//
// A [Session] has the way to the control plane and the catalog of plugins. It
// remembers what the configuration is about to make (uploaded schemas, claimed
// unique values, managed objects) and asks the control plane for the rest, each
// question once: control planes, their data planes, schemas of plugins,
// holders of unique values, objects that are referred to. A [Turn] is one change during an apply, which may
// have to wait for another. [Waits] collects how long a call had to wait.
//
// The package does not know attributes, diagnostics or Terraform's values.
package session

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
)

// Session is one provider configuration: the control plane that it leads to,
// and what is known while Terraform walks through the resources. Each
// configuration has its own: an alias may lead to another control plane.
type Session struct {
	// API is nil while the configuration depends on values that are not known
	// yet; Missing then says which.
	API     *client.Client
	Missing string
	Closer  io.Closer // of the embedded control plane
	// InMemory says that nothing keeps the embedded control plane: each process
	// has a new one.
	InMemory bool

	// Place tells control planes apart: the address, or the path of the file.
	Place string
	// Attempts is what applies have begun to make; nil remembers nothing.
	Attempts *attempt.Folder
	// Workspace is the name of the state, "" if nobody says it.
	Workspace attempt.Workspace

	Bundled *plugins.Set
	// Minimum is the oldest version of the data planes, if the user said so.
	Minimum dataplane.Version

	// Tags are the default tags of the provider; TagsUnknown is set while they
	// depend on values that are not known yet.
	Tags        []string
	TagsUnknown bool

	noFile  sync.Once // warns that the file of the embedded control plane is not there
	file    string
	uploads uploads
	claims  claims
	turns   turns
	managed sync.Map // the objects that this configuration manages
	made    sync.Map // the objects that this run makes under ids that the user chose
	taken   sync.Map // the objects that this run has taken over
	looked  sync.Map // the collections that were asked for a holder

	versioned sync.Map // *plugins.Plugin -> *schema.Schema

	// What the control planes said, by their ids.
	planes  asked[string, heldPlane]
	running asked[string, dataplane.Versions] // the versions that data planes are of
	held    asked[collection, heldObjects]
	holders asked[lookup, map[string]any]
	named   asked[lookup, namedObjects]
	schemas asked[scopedName, described]
	others  asked[string, []string]            // names of plugins that are not bundled
	served  asked[scopedName, *plugins.Plugin] // bundled ones as they are there
	objects asked[lookup, object]
}

// scopedName is a name or an id on one control plane.
type scopedName struct{ controlPlane, name string }

// New is the session of a process that was not told its configuration,
// as in terraform validate.
func New(bundled *plugins.Set) *Session { return &Session{Bundled: bundled} }

// ForManyWalks says, before anything else happens, that the session is for several walks,
// which do not say where they begin. Then nothing that is true of one walk is taken for
// true: an object may be shown again, and what the control plane said may have changed.
func (s *Session) ForManyWalks() {
	s.EndWalk()
	s.turns.many = true
	for _, a := range []interface{ askAlways() }{
		&s.planes, &s.running, &s.held, &s.holders, &s.named, &s.schemas, &s.others, &s.served, &s.objects,
	} {
		a.askAlways()
	}
}

// Configured reports whether there is a provider configuration: there is none
// in terraform validate.
func (s *Session) Configured() bool { return s.API != nil || s.Missing != "" }

// NoteNoFile notes that the file of the embedded control plane was not there when
// the session began.
func (s *Session) NoteNoFile(path string) { s.file = path }

// NoFile returns the path of the file that was not there, once; or "".
func (s *Session) NoFile() (path string) {
	s.noFile.Do(func() { path = s.file })
	return path
}

// FirstGone reports, once, that something of the state is gone.
func (s *Session) FirstGone() (first bool) {
	s.noFile.Do(func() { first = true })
	return first
}

// Close ends what the session holds open.
func (s *Session) Close() error {
	if s.Closer == nil {
		return nil
	}
	return s.Closer.Close()
}

// ErrNotConfigured says that nobody has said which control plane to use.
var ErrNotConfigured = errors.New("the provider is not configured")

// Client returns the way to the control plane, or says why there is none.
func (s *Session) Client() (*client.Client, error) {
	switch {
	case s.API == nil && s.Missing == "":
		return nil, ErrNotConfigured
	case s.API == nil:
		return nil, fmt.Errorf("the provider's configuration depends on %s, which is known only after apply; "+
			"apply what it depends on first, for example with -target", s.Missing)
	}
	return s.API, nil
}
