package resource

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// member is the membership of a consumer in a consumer group. It has no
// document and no id of its own: a POST below the group makes it, a DELETE there
// removes it. One is looked for among the groups of its consumer: a consumer has
// few, and a group may have tens of thousands of consumers. Of many, those of
// one group or of one consumer are read together.
type member struct{ regular }

func (m member) judge(_ context.Context, _ *session.Session, in subject) candidate {
	c := candidate{subject: in}
	if id := in.get("consumer_id"); id == nil || id == "" {
		c.problems = report.Diagnostics{report.Failure(report.AttributePath("consumer_id"), "Invalid "+m.typ.Title,
			"consumer_id: required. Wanted is the ID of the consumer that is to be in the group.")}
	}
	return c
}

func (m member) answered(_ context.Context, _ *session.Session, _ subject, doc map[string]any) (*schema.Schema, map[string]any, error) {
	return nil, doc, nil
}

// create adds the consumer. If it is in the group already, that is no error.
func (m member) create(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	path, err := m.collection(w.subject)
	if err != nil {
		return nil, err
	}
	err = api.Do(ctx, http.MethodPost, path, map[string]any{"consumer": w.text("consumer_id")}, nil)
	if errors.Is(err, client.ErrConflict) {
		if held, again := m.read(ctx, s, w.subject); again == nil {
			return held, nil
		}
	}
	return map[string]any{}, err
}

func (m member) collection(in subject) (string, error) {
	return client.Ref{Type: m.typ, Parents: in.ref(m.typ).Parents}.Path()
}

func (m member) read(ctx context.Context, s *session.Session, in subject) (map[string]any, error) {
	api, err := s.Client()
	if err != nil {
		return nil, err
	}
	path, err := m.collection(in)
	if err != nil {
		return nil, err
	}
	consumers := client.Collection{Type: entity.Consumer, Path: path}
	_, err = api.ReadIn(ctx, consumers, in.text("consumer_id"), in.trip, func() (map[string]any, error) {
		return m.readBelowConsumer(ctx, api, in)
	})
	return map[string]any{}, err
}

// readBelowConsumer looks for the group among those of the consumer.
func (m member) readBelowConsumer(ctx context.Context, api *client.Client, in subject) (map[string]any, error) {
	consumer := client.Ref{Type: entity.Consumer, Parents: []string{in.text("control_plane_id")}, Key: in.text("consumer_id")}
	path, err := consumer.Path()
	if err != nil {
		return nil, err
	}
	groups := client.Collection{Type: entity.ConsumerGroup, Path: path + "/consumer_groups"}
	return api.ReadIn(ctx, groups, in.text("consumer_group_id"), in.trip, func() (map[string]any, error) {
		list, err := api.ListPath(ctx, entity.Core, groups.Path, nil)
		if err != nil {
			return nil, err
		}
		for _, g := range list {
			if g["id"] == in.text("consumer_group_id") {
				return g, nil
			}
		}
		return nil, fmt.Errorf("the consumer is not in the group: %w", client.ErrNotFound)
	})
}

func (m member) delete(ctx context.Context, s *session.Session, in subject) error {
	api, err := s.Client()
	if err != nil {
		return err
	}
	ref := in.ref(m.typ)
	ref.Key = in.text("consumer_id")
	return api.Delete(ctx, ref)
}

var errNoUpdate = errors.New("a membership has nothing that could be changed")

// update is never planned: every attribute of a membership replaces it.
func (m member) update(context.Context, *session.Session, write) (map[string]any, error) {
	return nil, errNoUpdate
}

func (member) retried() retrial { return harmless }
