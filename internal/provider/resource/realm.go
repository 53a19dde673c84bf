package resource

import (
	"cmp"
	"context"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// realm is deleted along with its consumers only on request.
type realm struct{ patched }

// realmRows are realms, their consumers, and the keys of those.
func realmRows() []row { return []row{realmRow(), realmConsumerRow(), realmKeyRow()} }

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
				Description: "`true` deletes the consumers along with the realm. Otherwise a realm that has some is not deleted. " +
					"It is no part of the realm, so that the plan after an import sets it.",
			}}
		},
		behaviour: realm{patched{regular{entity.Realm}}},
	}
}

func (r realm) delete(ctx context.Context, s *session.Session, in subject) error {
	if in.text("force_destroy") != "true" {
		return r.patched.delete(ctx, s, in)
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

// realmConsumer is shown with empty texts for what it does not have.
type realmConsumer struct{ patched }

func realmConsumerRow() row {
	return row{
		Type:    entity.RealmConsumer,
		summary: "A consumer of a realm, whom all control planes know that may use the realm.",
		facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
			"id": {Mode: attribute.Computed}, "created_at": timeOf("creation"), "updated_at": timeOf("the last change"),
			"username":        {Description: "Name of the consumer, unique in the realm."},
			"custom_id":       {Description: "ID of the consumer in a system of your own, unique in the realm."},
			"type":            {Mode: both, Description: "Kind of the consumer, in words of your own."},
			"consumer_groups": {Description: "Names of the consumer groups that it is in."},
		}},
		behaviour: realmConsumer{patched{regular{entity.RealmConsumer}}},
	}
}

func (r realmConsumer) answered(_ context.Context, _ *session.Session, in subject, doc map[string]any) (*schema.Schema, map[string]any, error) {
	for _, name := range []string{"custom_id", "type"} {
		if doc[name] == "" && in.get(name) == nil {
			delete(doc, name)
		}
	}
	return r.typ.Schema(), doc, nil
}

// realmKey never changes, and its secret is shown once.
type realmKey struct{ regular }

func realmKeyRow() row {
	return row{
		Type: entity.RealmKey,
		summary: "A key of a consumer of a realm, for the plugin `key-auth`. The control plane shows the secret once, when the key is made: " +
			"after an import it is not known, and the plan then takes that of the configuration into state and sends nothing. " +
			"A key does not change; another one takes its place.",
		facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
			"id": {Mode: attribute.Computed}, "created_at": timeOf("creation"), "updated_at": timeOf("the last change"),
			"consumer": {Hidden: true},
			"type":     {Description: "Whether Konnect makes the secret, or an older key keeps its own."},
			"secret":   {WriteOnly: true, Description: "The key. It is given where `type` is `legacy`, and otherwise made."},
		}},
		behaviour: realmKey{regular{entity.RealmKey}},
	}
}

func (r realmKey) judge(ctx context.Context, s *session.Session, in subject) candidate {
	c := r.regular.judge(ctx, s, in)
	secret := c.doc["secret"]
	if fault := entity.RealmSecretFault(in.get("type"), secret != nil); fault != "" && !schema.IsUnknown(secret) {
		at := schema.Dotted("secret")
		c.problems = append(c.problems, report.Failure(cmp.Or(c.locator().Locate(at), report.AttributePath("secret")), "Invalid "+r.typ.Title,
			c.locator().Written(at).String()+": "+wording.Sentence(fault)))
	}
	return c
}

// update is planned only for an imported key whose secret the configuration
// gives. There is no way to compare, and nothing to send.
func (r realmKey) update(ctx context.Context, s *session.Session, w write) (map[string]any, error) {
	return r.read(ctx, s, w.subject)
}

func (realmKey) retried() retrial { return remade }
