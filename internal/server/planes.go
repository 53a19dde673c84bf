package server

import (
	"net/http"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

// planes remembers of control planes what never changes: that there is one of
// that id, and its kind. Looking each up would be a third of what reading an
// entity costs.
//
// Whether it is still there is for the request itself to find out: the store
// neither finds nor lists nor adds anything in a control plane that is gone,
// and what ends with an error is looked at again ([collection.sure]).
type planes struct {
	mu   sync.RWMutex
	byID map[string]plane // by the id as paths spell it
}

// plane is a control plane: its id as the database has it, and why it refuses
// changes, if it does.
type plane struct {
	id      string
	refuses error
}

// maxPlanes bounds what is remembered.
const maxPlanes = 4096

func newPlanes() *planes { return &planes{byID: map[string]plane{}} }

func (p *planes) get(id string) (plane, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	known, ok := p.byID[id]
	return known, ok
}

func (p *planes) add(id string, known plane) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.byID) >= maxPlanes {
		clear(p.byID)
	}
	p.byID[strings.Clone(id)] = known
}

func (p *planes) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byID, id)
}

// known returns the control plane that a path names.
func (s *api) known(r *http.Request) (plane, error) {
	id := r.PathValue("controlPlaneId")
	if p, ok := s.planes.get(id); ok {
		return p, nil
	}
	doc, err := s.controlPlane(r)
	if err != nil {
		return plane{}, err
	}
	p := plane{jsonvalue.Text(doc["id"]), refusal(doc)}
	s.planes.add(id, p)
	return p, nil
}

// knownToRead is scopeToRead for requests that sure is around.
func (s *api) knownToRead(r *http.Request) (string, error) {
	p, err := s.known(r)
	return p.id, err
}

// knownToWrite is scopeToWrite for requests that sure is around.
func (s *api) knownToWrite(r *http.Request) (string, error) {
	p, err := s.known(r)
	if err != nil {
		return "", err
	}
	return p.id, p.refuses
}

// sure makes the absence of a control plane the error of a request, whichever
// other it ended with.
func (s *api) sure(e wire.Endpoint) wire.Endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := e(w, r)
		if err == nil {
			return nil
		}
		if _, missing := s.controlPlane(r); missing != nil {
			s.planes.forget(r.PathValue("controlPlaneId"))
			return missing
		}
		return err
	}
}
