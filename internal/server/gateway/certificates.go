package gateway

import (
	"context"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// completeCertificate is irregular in that the list snis is not part of a
// certificate: it stands for SNI entities.
func (s *Gateway) completeCertificate(ctx context.Context, _ string, body map[string]any) (map[string]any, error) {
	doc, err := s.Completed(ctx, entity.Certificate.Schema(), body)
	if err != nil {
		return nil, err
	}
	delete(doc, "snis")
	return doc, nil
}

// listServerNames makes the SNIs of a certificate equal to its list. Without a
// list they stay: a renewed certificate keeps its names.
func (s *Gateway) listServerNames(ctx context.Context, tx *store.Tx, scope string, body, doc map[string]any) error {
	list, given := body["snis"].([]any)
	if !given {
		return nil
	}
	id := jsonvalue.Text(doc["id"])
	present, err := serverNames(ctx, tx, scope, id)
	if err != nil {
		return err
	}
	var names []string
	for _, sni := range present {
		name := jsonvalue.Text(sni["name"])
		if slices.Contains(list, any(name)) {
			names = append(names, name)
			continue
		}
		if err := tx.Delete(ctx, entity.SNI, scope, jsonvalue.Text(sni["id"])); err != nil {
			return err
		}
	}
	for _, v := range list {
		if slices.Contains(names, jsonvalue.Text(v)) {
			continue
		}
		names = append(names, jsonvalue.Text(v))
		if err := s.addServerName(ctx, tx, scope, id, jsonvalue.Text(v)); err != nil {
			return err
		}
	}
	return nil
}

// addServerName creates an SNI of a certificate.
func (s *Gateway) addServerName(ctx context.Context, tx *store.Tx, scope, certificate, name string) error {
	sni, err := s.Completed(ctx, entity.SNI.Schema(), map[string]any{
		"name": name, "certificate": map[string]any{"id": certificate},
	})
	if err != nil {
		return err
	}
	return tx.Insert(ctx, entity.SNI, scope, sni)
}

// showServerNames adds the names of a certificate's SNIs to its answer.
func (s *Gateway) showServerNames(ctx context.Context, scope string, doc, answer map[string]any) error {
	snis, err := serverNames(ctx, s.Store, scope, jsonvalue.Text(doc["id"]))
	if err != nil {
		return err
	}
	names := make([]any, len(snis))
	for i, sni := range snis {
		names[i] = sni["name"]
	}
	answer["snis"] = names
	return nil
}

// serverNames are the SNIs of a certificate.
func serverNames(ctx context.Context, from store.Reader, scope, certificate string) ([]map[string]any, error) {
	return store.All(ctx, from, entity.SNI, scope, map[string]string{"certificate": certificate})
}
