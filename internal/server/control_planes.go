package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// controlPlaneRoutes serves control planes, which speak the platform's dialect
// and are stored as requests have them: answers nest the settings below config.
func (s *api) controlPlaneRoutes() {
	base := "/" + entity.ControlPlane.Path
	s.handle("GET "+base, s.listControlPlanes)
	s.handle("POST "+base, s.createControlPlane)
	s.handle("GET "+base+"/{controlPlaneId}", s.getControlPlane)
	s.handle("PATCH "+base+"/{controlPlaneId}", s.patchControlPlane)
	s.handle("DELETE "+base+"/{controlPlaneId}", s.deleteControlPlane)
}

func (s *api) createControlPlane(w http.ResponseWriter, r *http.Request) error {
	body, err := decode(r)
	if err != nil {
		return err
	}
	dropNulls(body)
	if err := refuse(body, entity.ControlPlane.Computed); err != nil {
		return err
	}
	doc, err := s.completed(r.Context(), entity.ControlPlane.Schema(), body)
	if err != nil {
		return err
	}
	doc["created_at"] = s.timestamp()
	doc["updated_at"] = doc["created_at"]
	if err := s.store.Insert(r.Context(), entity.ControlPlane, "", doc); err != nil {
		return taken(err, doc)
	}
	return write(w, http.StatusCreated, presentControlPlane(doc))
}

func (s *api) getControlPlane(w http.ResponseWriter, r *http.Request) error {
	doc, err := s.controlPlane(r)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, presentControlPlane(doc))
}

// changeable are the fields that PATCH takes.
var changeable = map[string]bool{"name": true, "description": true, "auth_type": true, "proxy_urls": true, "labels": true}

func (s *api) patchControlPlane(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("controlPlaneId")
	if !isUUID(id) {
		return errControlPlaneID
	}
	patch, err := decode(r)
	if err != nil {
		return err
	}
	for name := range patch {
		if !changeable[name] {
			return violation(name, "unknown_field", "cannot be changed")
		}
	}
	doc, err := s.store.Put(r.Context(), entity.ControlPlane, "", id, func(old map[string]any) (map[string]any, error) {
		if old == nil {
			return nil, store.ErrNotFound
		}
		return s.patched(r.Context(), old, patch)
	})
	if err != nil {
		return taken(err, patch)
	}
	return write(w, http.StatusOK, presentControlPlane(doc))
}

// patched applies a patch: null takes a field back to its default, labels are
// merged by key.
func (s *api) patched(ctx context.Context, old, patch map[string]any) (map[string]any, error) {
	body := maps.Clone(old)
	delete(body, "created_at")
	delete(body, "updated_at")
	maps.Copy(body, patch)
	if labels, ok := patch["labels"].(map[string]any); ok {
		body["labels"] = mergedLabels(old["labels"], labels)
	}
	dropNulls(body)
	doc, err := s.completed(ctx, entity.ControlPlane.Schema(), body)
	if err != nil {
		return nil, err
	}
	doc["created_at"], doc["updated_at"] = old["created_at"], s.timestamp()
	return doc, nil
}

// mergedLabels adds labels to those there are; null removes one.
func mergedLabels(old any, labels map[string]any) map[string]any {
	out := map[string]any{}
	if had, ok := old.(map[string]any); ok {
		maps.Copy(out, had)
	}
	for k, v := range labels {
		if v == nil {
			delete(out, k)
			continue
		}
		out[k] = v
	}
	return out
}

// deleteControlPlane removes everything that is in it too.
func (s *api) deleteControlPlane(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("controlPlaneId")
	if !isUUID(id) {
		return errControlPlaneID
	}
	err := s.store.Delete(r.Context(), entity.ControlPlane, "", id)
	if inUse := (*store.InUseError)(nil); errors.As(err, &inUse) {
		return &fault{reason: conflict, message: "the control plane group has members, remove them first"}
	}
	if err != nil {
		return err
	}
	return noContent(w)
}

// presentControlPlane shapes a stored control plane as answers show it.
func presentControlPlane(doc map[string]any) map[string]any {
	out := compact(doc)
	host := strings.ReplaceAll(text(doc["id"]), "-", "")[:10]
	config := map[string]any{
		"control_plane_endpoint": "https://" + host + ".cp.konghq.com",
		"telemetry_endpoint":     "https://" + host + ".tp0.konghq.com",
	}
	for field, path := range entity.ControlPlane.ReplyPaths {
		config[strings.TrimPrefix(path, "config.")] = out[field]
		delete(out, field)
	}
	out["config"] = config
	return out
}

// timestamp is the platform's form of now.
func (s *api) timestamp() string {
	return s.now().UTC().Format("2006-01-02T15:04:05.000Z")
}

// taken adds the name to the error that says that it is taken.
func taken(err error, doc map[string]any) error {
	f := faultOf(err)
	if f.unique == nil || f.field == "" {
		return err
	}
	f.value = text(doc[f.field])
	return f
}

// refuse takes what only the server sets for unknown.
func refuse(body map[string]any, computed []string) error {
	var errs []error
	for _, name := range computed {
		if _, ok := body[name]; ok {
			errs = append(errs, violation(name, "unknown_field", "unknown field"))
		}
	}
	if len(errs) > 0 {
		return errs[0]
	}
	return nil
}
