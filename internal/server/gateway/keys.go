package gateway

import (
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
)

// presentKey shows the public part of a JSON Web Key as Konnect does.
func presentKey(doc map[string]any) map[string]any {
	out := dao.Present(entity.AsymmetricKey, doc)
	entity.AsymmetricKey.Shown(out)
	return out
}
