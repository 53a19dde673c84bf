package server

import (
	"maps"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// dataPlaneRoutes serves what concerns data planes: the certificates that let
// them in, in the dialect of plugin schemas, what they should run, and the
// list of them. There are none: this control plane configures no gateway.
func (s *api) dataPlaneRoutes() {
	base := inControlPlane + entity.DataPlaneCertificate.Path
	s.handle("GET "+base, s.listDataPlaneCertificates)
	s.handle("POST "+base, s.createDataPlaneCertificate)
	s.handle("GET "+base+"/{id}", s.getDataPlaneCertificate)
	s.handle("PUT "+base+"/{id}", s.putDataPlaneCertificate)
	s.handle("DELETE "+base+"/{id}", s.deleteDataPlaneCertificate)
	s.handle("GET "+inControlPlane+"nodes", s.listNodes)
	s.handle("GET "+inControlPlane+"nodes/{nodeId}", s.getNode)
	s.handle("DELETE "+inControlPlane+"nodes/{nodeId}", s.deleteNode)
	s.handle("GET "+inControlPlane+"expected-config-hash", s.getConfigHash)
	s.handle("GET "+inControlPlane+"expected-config-version", s.getConfigVersion)
}

// listDataPlaneCertificates shows all of them: there are no pages, and Konnect
// allows 32.
func (s *api) listDataPlaneCertificates(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	docs, err := everything(r.Context(), s.store, entity.DataPlaneCertificate, scope, nil)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{
		"items": presented(docs, compact), "page": map[string]any{"total_count": len(docs)},
	})
}

func (s *api) createDataPlaneCertificate(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	doc, err := s.dataPlaneCertificate(r)
	if err != nil {
		return err
	}
	if err := s.store.Insert(r.Context(), entity.DataPlaneCertificate, scope, doc); err != nil {
		return err
	}
	return write(w, http.StatusCreated, item(doc))
}

// dataPlaneCertificate reads and judges a body.
func (s *api) dataPlaneCertificate(r *http.Request) (map[string]any, error) {
	body, err := decode(r)
	if err != nil {
		return nil, err
	}
	dropNulls(body)
	if err := refuse(body, entity.DataPlaneCertificate.Computed); err != nil {
		return nil, err
	}
	return s.completed(r.Context(), entity.DataPlaneCertificate.Schema(), body)
}

func (s *api) getDataPlaneCertificate(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	doc, err := s.store.Get(r.Context(), entity.DataPlaneCertificate, scope, r.PathValue("id"))
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, item(doc))
}

// putDataPlaneCertificate changes one that exists.
func (s *api) putDataPlaneCertificate(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	doc, err := s.dataPlaneCertificate(r)
	if err != nil {
		return err
	}
	stored, err := s.store.Put(r.Context(), entity.DataPlaneCertificate, scope, r.PathValue("id"), func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return nil, store.ErrNotFound
		}
		now := maps.Clone(doc)
		now["id"], now["created_at"] = old["id"], old["created_at"]
		return now, nil
	})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, item(stored))
}

func (s *api) deleteDataPlaneCertificate(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	if err := s.store.Delete(r.Context(), entity.DataPlaneCertificate, scope, r.PathValue("id")); err != nil {
		return err
	}
	return noContent(w)
}

func (s *api) listNodes(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.scopeToRead(r); err != nil {
		return err
	}
	if _, err := cursorQuery(r); err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"items": []any{}, "page": map[string]any{"total_count": 0}})
}

func (s *api) getNode(_ http.ResponseWriter, r *http.Request) error {
	if _, err := s.scopeToRead(r); err != nil {
		return err
	}
	return store.ErrNotFound
}

func (s *api) deleteNode(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.scopeToRead(r); err != nil {
		return err
	}
	return noContent(w)
}
