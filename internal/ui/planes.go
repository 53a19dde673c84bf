package ui

import "github.com/openkonnect/terraform-provider-konnect/internal/entity"

// controlPlanes lists the control planes that the token reaches.
func controlPlanes(v *visit) (any, error) {
	return v.list(entity.ControlPlane, "/v2/control-planes", pageSize, "at")
}

// pageSize is how many entities a page shows of one collection.
const pageSize = 50
