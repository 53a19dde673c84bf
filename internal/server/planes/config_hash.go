package planes

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// configuration is the state of the configuration for data planes.
type configuration struct {
	hash             string
	created, updated int64
}

// configuration reads everything in a control plane. It does so only when
// asked, which is rare, so that writes cost nothing extra.
func (s *Planes) configuration(r *http.Request) (configuration, error) {
	plane, err := s.ControlPlane(r)
	if err != nil {
		return configuration{}, err
	}
	scopes := []string{jsonvalue.Text(plane["id"])}
	members, err := s.members(r.Context(), s.Store, jsonvalue.Text(plane["id"]))
	if err != nil {
		return configuration{}, err
	}
	scopes = append(scopes, members...)
	c := configuration{created: unixTime(plane["created_at"])}
	c.updated = c.created
	sum := sha256.New()
	enc := json.NewEncoder(sum)
	for _, scope := range scopes {
		for _, t := range s.configured() {
			err := store.Each(r.Context(), s.Store, t, scope, nil, func(doc map[string]any) error {
				if at, ok := doc["updated_at"].(json.Number); ok {
					if f, err := at.Float64(); err == nil {
						c.updated = max(c.updated, int64(f))
					}
				}
				return enc.Encode([]any{t.Name, doc})
			})
			if err != nil {
				return c, err
			}
		}
	}
	c.hash = hex.EncodeToString(sum.Sum(nil)[:16])
	return c, nil
}

// configured are the types of which a configuration consists.
func (s *Planes) configured() []*entity.Type {
	return slices.DeleteFunc(slices.Clone(s.Store.Types()), func(t *entity.Type) bool { return t.Family != entity.Core })
}

func (s *Planes) getConfigHash(w http.ResponseWriter, r *http.Request) error {
	c, err := s.configuration(r)
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"expected_hash": c.hash, "created_at": c.created, "updated_at": c.updated})
}

func (s *Planes) getConfigVersion(w http.ResponseWriter, r *http.Request) error {
	c, err := s.configuration(r)
	if err != nil {
		return err
	}
	return wire.Write(w, http.StatusOK, map[string]any{"expected_config_version": c.hash, "created_at": c.created})
}
