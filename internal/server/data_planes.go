package server

import (
	"maps"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// dataPlaneRoutes serves what concerns data planes: the certificates that let
// them in, in the dialect of plugin schemas, what they should run, and the
// list of them. There are none: this control plane configures no gateway.
func (s *api) dataPlaneRoutes() {
	base := inControlPlane + entity.DataPlaneCertificate.Path
	one := base + "/{id}"
	body, answer := openapi.RequestOf(entity.DataPlaneCertificate), openapi.Enveloped(entity.DataPlaneCertificate)
	s.serve("GET "+base, openapi.OK(openapi.ItemsPage(entity.DataPlaneCertificate)), s.listDataPlaneCertificates)
	s.serve("POST "+base, openapi.Created(answer).With(body), s.createDataPlaneCertificate)
	s.serve("GET "+one, openapi.OK(answer), s.getDataPlaneCertificate)
	s.serve("PUT "+one, openapi.OK(answer).With(body), s.putDataPlaneCertificate)
	s.serve("DELETE "+one, openapi.Empty(), s.deleteDataPlaneCertificate)
	nodes := openapi.Whole(openapi.Members{"items": openapi.ListOf(openapi.AnyObject), "page": openapi.Whole(openapi.Members{"total_count": openapi.Integer})})
	s.serve("GET "+inControlPlane+"nodes", openapi.OK(nodes), s.listNodes)
	s.serve("GET "+inControlPlane+"nodes/{nodeId}", openapi.About{}, s.getNode)
	s.serve("DELETE "+inControlPlane+"nodes/{nodeId}", openapi.Empty(), s.deleteNode)
	s.serve("GET "+inControlPlane+"expected-config-hash", openapi.OK(openapi.Object(openapi.Members{
		"expected_hash": openapi.Text, "created_at": openapi.Integer, "updated_at": openapi.Integer,
	}, "expected_hash")), s.getConfigHash)
	s.serve("GET "+inControlPlane+"expected-config-version", openapi.OK(openapi.Object(openapi.Members{
		"expected_config_version": openapi.Text, "created_at": openapi.Integer,
	}, "expected_config_version")), s.getConfigVersion)
}

// listDataPlaneCertificates shows all of them: there are no pages, and Konnect
// allows 32.
func (s *api) listDataPlaneCertificates(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	docs, err := store.All(r.Context(), s.store, entity.DataPlaneCertificate, scope, nil)
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{
		"items": wire.Presented(docs, wire.Compact), "page": map[string]any{"total_count": len(docs)},
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
	err = s.store.Update(r.Context(), func(tx *store.Tx) error {
		if err := tx.Insert(r.Context(), entity.DataPlaneCertificate, scope, doc); err != nil {
			return err
		}
		return s.withinLimit(r.Context(), tx, entity.DataPlaneCertificate, scope)
	})
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusCreated, item(doc))
}

// dataPlaneCertificate reads and judges a body.
func (s *api) dataPlaneCertificate(r *http.Request) (map[string]any, error) {
	body, err := wire.Decode(r)
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
	return wire.Write(w, http.StatusOK, item(doc))
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
	return wire.Write(w, http.StatusOK, item(stored))
}

func (s *api) deleteDataPlaneCertificate(w http.ResponseWriter, r *http.Request) error {
	scope, err := s.scopeToRead(r)
	if err != nil {
		return err
	}
	if err := s.store.Delete(r.Context(), entity.DataPlaneCertificate, scope, r.PathValue("id")); err != nil {
		return err
	}
	return wire.NoContent(w)
}

func (s *api) listNodes(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.scopeToRead(r); err != nil {
		return err
	}
	if _, err := wire.CursorQuery(r); err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"items": []any{}, "page": map[string]any{"total_count": 0}})
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
	return wire.NoContent(w)
}
