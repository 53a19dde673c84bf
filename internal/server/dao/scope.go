package dao

import (
	"net/http"
	"strings"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

// InControlPlane is the path of everything inside a control plane.
const InControlPlane = "/v2/control-planes/{controlPlaneId}/"

// ControlPlane returns the control plane that a path below it names.
func (d *DAO) ControlPlane(r *http.Request) (map[string]any, error) {
	id := r.PathValue("controlPlaneId")
	if !schema.IsUUID(id) {
		return nil, fault.BadPath("controlPlaneId", "must be a UUID")
	}
	return d.Store.Get(r.Context(), entity.ControlPlane, "", id)
}

// InScope is an endpoint below a control plane: scope is the id.
type InScope func(w http.ResponseWriter, r *http.Request, scope string) error

// Reading finds the control plane that a path names.
func (d *DAO) Reading(e InScope) wire.Endpoint {
	return d.in(e, func(map[string]any) error { return nil })
}

// Writing is Reading for changes. Control planes that get their configuration
// from elsewhere refuse them.
func (d *DAO) Writing(e InScope) wire.Endpoint { return d.in(e, refusal) }

func (d *DAO) in(e InScope, refuse func(plane map[string]any) error) wire.Endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		plane, err := d.ControlPlane(r)
		if err == nil {
			err = refuse(plane)
		}
		if err != nil {
			return err
		}
		return e(w, r, jsonvalue.Text(plane["id"]))
	}
}

// refusal is why a control plane refuses changes, or "".
func refusal(plane map[string]any) error {
	switch plane["cluster_type"] {
	case "CLUSTER_TYPE_CONTROL_PLANE_GROUP":
		return fault.Usage("operation not permitted on control plane group")
	case "CLUSTER_TYPE_K8S_INGRESS_CONTROLLER":
		return fault.Usage("operation not permitted on KIC cluster")
	}
	return nil
}

// knownPlanes remembers the facts about control planes that never change: the
// id and the kind. Looking each one up would take a third of the time of
// reading an entity.
//
// It does not remember whether a control plane still exists. The store neither
// finds nor lists nor adds anything in a deleted one, and [DAO.WithPlane] looks
// again after an error.
type knownPlanes struct {
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

func newKnownPlanes() *knownPlanes { return &knownPlanes{byID: map[string]plane{}} }

func (p *knownPlanes) get(id string) (plane, bool) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	known, ok := p.byID[id]
	return known, ok
}

func (p *knownPlanes) add(id string, known plane) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.byID) >= maxPlanes {
		clear(p.byID)
	}
	p.byID[strings.Clone(id)] = known
}

func (p *knownPlanes) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byID, id)
}

// known returns the control plane that a path names.
func (d *DAO) known(r *http.Request) (plane, error) {
	id := r.PathValue("controlPlaneId")
	if p, ok := d.planes.get(id); ok {
		return p, nil
	}
	doc, err := d.ControlPlane(r)
	if err != nil {
		return plane{}, err
	}
	p := plane{jsonvalue.Text(doc["id"]), refusal(doc)}
	d.planes.add(id, p)
	return p, nil
}

// KnownToRead returns the id of the control plane that a path names, for
// requests that WithPlane is around.
func (d *DAO) KnownToRead(r *http.Request) (string, error) {
	p, err := d.known(r)
	return p.id, err
}

// KnownToWrite is KnownToRead for changes.
func (d *DAO) KnownToWrite(r *http.Request) (string, error) {
	p, err := d.known(r)
	if err != nil {
		return "", err
	}
	return p.id, p.refuses
}

// WithPlane replaces the error of a request if the control plane does not
// exist. A failure of the database stays what it is: the caller has to know
// whether the change may have been made.
func (d *DAO) WithPlane(e wire.Endpoint) wire.Endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := e(w, r)
		if err == nil || fault.Failed(err) {
			return err
		}
		if _, missing := d.ControlPlane(r); missing != nil {
			d.planes.forget(r.PathValue("controlPlaneId"))
			return missing
		}
		return err
	}
}
