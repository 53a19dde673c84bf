package resource

import (
	"context"
	"errors"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// patched entities are changed by a PATCH, which says what is another than before.
type patched struct{ regular }

func (p patched) update(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	prior, errs := document.Complete(ctx, w.schema, w.prior) // what state leaves out is the default
	if errs != nil {
		return nil, errors.New(errs.Summary())
	}
	for _, name := range p.typ.Computed {
		delete(prior, name)
		delete(w.body, name)
	}
	doc, err := api.Patch(ctx, w.ref(p.typ), document.Changes(w.schema, prior, w.body))
	if errors.Is(err, client.ErrNotFound) {
		return nil, errVanished
	}
	return p.lift(doc), err
}
