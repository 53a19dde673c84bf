package ui

import (
	"context"
	"net/http"
	"net/url"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// planesPath is the path of the control planes in the API, and planePath that of one.
const planesPath = "/v2/control-planes"

func planePath(id string) string { return planesPath + "/" + url.PathEscape(id) }

// pageSize is how many entities a page shows of one collection.
const pageSize = 50

// controlPlanes lists the control planes that the token reaches.
func controlPlanes(v *visit) (any, error) {
	return v.list(entity.ControlPlane, planesPath, pageSize, "at")
}

// planes are all control planes that the token reaches.
func (v *visit) planes() ([]map[string]any, error) {
	return v.api.ListPath(v.Context(), entity.ControlPlane.Family, planesPath, nil)
}

// admits asks the API whether it lets a token in: for it shows every token the control
// planes that it reaches.
func admits(ctx context.Context, api *client.Client) error {
	return api.Do(ctx, http.MethodGet, planesPath+"?page[size]=1", nil, new(map[string]any))
}
