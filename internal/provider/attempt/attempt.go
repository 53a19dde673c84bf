// Package attempt remembers what an apply has begun to make.
//
// Terraform records an object when the provider has answered, and later than
// that where its state is kept elsewhere. If either of them is killed before, an
// object may be there that nobody knows. So a note is written before each
// request that makes one ([Folder.Begin]), beside what else Terraform keeps for
// a configuration. It goes when Terraform, having had the answer, ends the run
// ([Folder.End]) or shows the object as recorded ([Folder.Recorded]), and when
// the control plane refused the request ([Attempt.Drop]). A note that is left
// says: this may be there, and if so, we made it. The next attempt takes it up.
//
// What cannot be written or read is not there: then an object is unknown, as it
// would be without this package. Where the next apply runs on another machine, the
// ids of a [Workspace] tell. The package does not know what is made, nor where.
package attempt

import (
	"cmp"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Path is where the notes of a configuration are, relative to its folder: in
// Terraform's own data, apart for each workspace. The environment may name
// both; else Terraform remembers the workspace in a file.
func Path(env func(string) string) string {
	return filepath.Join(data(env), "konnect-attempts", url.PathEscape(Selected(env)))
}

// Selected is the name of Terraform's own workspace, of several with one backend.
func Selected(env func(string) string) string {
	if workspace := env("TF_WORKSPACE"); workspace != "" {
		return workspace
	}
	chosen, _ := os.ReadFile(filepath.Join(data(env), "environment"))
	return cmp.Or(strings.TrimSpace(string(chosen)), "default")
}

func data(env func(string) string) string { return cmp.Or(env("TF_DATA_DIR"), ".terraform") }

// Folder holds the notes of one configuration. Several processes may use one at
// once. A nil Folder remembers nothing.
type Folder struct {
	path string

	mu   sync.Mutex
	left []*Attempt // by runs before this one
	made []*Attempt // by this one
}

// Attempt is one object that a run has begun to make.
type Attempt struct {
	// ID is that of the object, "" while only the control plane could tell.
	ID string
	// Tries are when it began, in each run.
	Tries []time.Time
	// Again says that a run before this one has begun it.
	Again bool

	folder *Folder
	keys   []string
	at     string // the object's address, where it is known
	file   string
}

// note is an attempt as a file holds it.
type note struct {
	Keys  []string    `json:"keys"`
	ID    string      `json:"id,omitempty"`
	At    string      `json:"at,omitempty"`
	Tries []time.Time `json:"tries"`
}

const suffix = ".json"

// In reads the notes in a folder, which need not be there.
func In(path string) *Folder {
	f := &Folder{path: path}
	entries, err := os.ReadDir(path)
	if err != nil {
		return f
	}
	for _, e := range entries {
		file := filepath.Join(path, e.Name())
		text, err := os.ReadFile(file)
		var n note
		if err != nil || filepath.Ext(file) != suffix || json.Unmarshal(text, &n) != nil || len(n.Keys) == 0 || len(n.Tries) == 0 {
			continue // cut off while it was written: then nothing was sent yet
		}
		f.left = append(f.left, &Attempt{ID: n.ID, Tries: n.Tries, Again: true, folder: f, keys: n.Keys, at: n.At, file: file})
	}
	slices.SortFunc(f.left, func(a, b *Attempt) int {
		return cmp.Or(a.Tries[0].Compare(b.Tries[0]), strings.Compare(a.file, b.file))
	})
	return f
}

// Any reports whether earlier runs have left notes.
func (f *Folder) Any() bool {
	if f == nil {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.left) > 0
}

// Find returns the attempt of an earlier run at an object that has one of the
// keys, or nil. A key stands for what is unique about an object, or for all of
// it; the caller makes it so that no two objects elsewhere share it.
func (f *Folder) Find(keys []string) *Attempt {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if i := f.index(keys); i >= 0 {
		return f.left[i]
	}
	return nil
}

func (f *Folder) index(keys []string) int {
	return slices.IndexFunc(f.left, func(a *Attempt) bool {
		return slices.ContainsFunc(a.keys, func(k string) bool { return slices.Contains(keys, k) })
	})
}

// Begin notes that an object is about to be made, under an id if it is chosen
// here. If an earlier run has begun to make it, its attempt goes on, with the id of
// then: whoever asks next gets another one.
func (f *Folder) Begin(keys []string, id, at string, now time.Time) *Attempt {
	fresh := &Attempt{ID: id, Tries: []time.Time{now.UTC()}, folder: f, keys: keys, at: at}
	if f == nil {
		return fresh
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	fresh.file = filepath.Join(f.path, uuid.NewString()+suffix)
	for i := f.index(keys); i >= 0; i = f.index(keys) {
		earlier := f.left[i]
		f.left = slices.Delete(f.left, i, i+1)
		if os.Rename(earlier.file, fresh.file) == nil { // else another process has taken it up
			earlier.file, earlier.Tries = fresh.file, append(earlier.Tries, now.UTC())
			earlier.write()
			return earlier
		}
	}
	if os.MkdirAll(f.path, 0o700) == nil {
		fresh.write()
	}
	return fresh
}

// Recorded forgets the attempt at an object that Terraform has in its state.
func (f *Folder) Recorded(at string) {
	if f == nil || at == "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left = slices.DeleteFunc(f.left, func(a *Attempt) bool {
		if a.at == at {
			a.Drop()
		}
		return a.at == at
	})
}

// End ends the run of a Terraform that lives: it has recorded what it was
// answered.
func (f *Folder) End() {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.made {
		a.Drop()
	}
	f.made = nil
}

// Made notes that the object is there, under an id and an address that the
// control plane may have chosen.
func (a *Attempt) Made(id, at string) {
	if a.folder == nil {
		return
	}
	a.folder.mu.Lock()
	a.folder.made = append(a.folder.made, a)
	a.folder.mu.Unlock()
	if a.at != at {
		a.ID, a.at = id, at
		a.write()
	}
}

// Drop forgets the attempt: nothing was made.
func (a *Attempt) Drop() {
	if a.file != "" {
		_ = os.Remove(a.file) // it may be gone already
	}
}

// write replaces the note as a whole: one that is cut off would lose the attempt.
func (a *Attempt) write() {
	if a.file == "" {
		return
	}
	text, err := json.Marshal(note{a.keys, a.ID, a.at, a.Tries})
	if err != nil {
		return
	}
	if os.WriteFile(a.file+"~", text, 0o600) == nil {
		_ = os.Rename(a.file+"~", a.file) // without a note the object has to be imported
	}
}
