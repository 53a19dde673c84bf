package resource

import (
	"context"
	"errors"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// realm differs from other entities in its verb, a PATCH, and in that it is
// deleted along with its consumers only on request.
type realm struct{ regular }

func realmRow() row {
	return row{
		Type:    entity.Realm,
		summary: "A realm: a place for consumers that several control planes share.",
		facts: attribute.Facts{At: map[string]attribute.Fact{
			"id": {Mode: attribute.Computed}, "created_at": timeOf("creation"), "updated_at": timeOf("the last change"),
			"name":                     {Description: "Name of the realm."},
			"ttl":                      {Description: "Minutes for which data planes keep a consumer."},
			"negative_ttl":             {Description: "Minutes for which data planes remember that there is no such consumer."},
			"allowed_control_planes":   {Description: "IDs of the control planes that may use the realm."},
			"allow_all_control_planes": {Mode: both, Served: true, Description: "Whether all control planes may use it."},
			"consumer_groups":          {Description: "Names of consumer groups that all of its consumers are in."},
		}},
		extra: func() []*attribute.Attribute {
			return []*attribute.Attribute{{
				Name: "force_destroy", Mode: both, Form: attribute.FormString,
				Description: "`true` deletes the consumers along with the realm. Otherwise a realm that has some is not deleted.",
			}}
		},
		behaviour: realm{regular{entity.Realm}},
	}
}

func (r realm) update(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	prior, errs := document.Complete(ctx, w.schema, w.prior) // what state leaves out is the default
	if errs != nil {
		return nil, errors.New(errs.Summary())
	}
	for _, name := range r.typ.Computed {
		delete(prior, name)
		delete(w.body, name)
	}
	doc, err := api.Patch(ctx, w.ref(r.typ), document.Changes(w.schema, prior, w.body))
	if errors.Is(err, client.ErrNotFound) {
		return nil, errVanished
	}
	return doc, err
}

func (r realm) delete(ctx context.Context, s *session.Session, in subject) error {
	if in.text("force_destroy") != "true" {
		return r.regular.delete(ctx, s, in)
	}
	api, err := s.Client()
	if err != nil {
		return err
	}
	path, err := in.ref(r.typ).Path()
	if err != nil {
		return err
	}
	return api.Do(ctx, http.MethodDelete, path+"?force=true", nil, nil)
}
