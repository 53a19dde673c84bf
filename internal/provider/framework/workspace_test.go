package framework

import (
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
)

func TestWorkspaceIn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		block string
		env   map[string]string
		want  attempt.Workspace
	}{
		"nothing said":          {},
		"in the block":          {"shop", nil, "shop/default"},
		"in the environment":    {"", map[string]string{"KONNECT_WORKSPACE": "shop"}, "shop/default"},
		"both":                  {"shop", map[string]string{"KONNECT_WORKSPACE": "other"}, "shop/default"},
		"Terraform's own":       {"shop", map[string]string{"TF_WORKSPACE": "stage"}, "shop/stage"},
		"HCP Terraform":         {"", map[string]string{"TFC_WORKSPACE_SLUG": "org/shop"}, "org/shop"},
		"HCP Terraform, chosen": {"shop", map[string]string{"TFC_WORKSPACE_SLUG": "org/shop"}, "shop/default"},
		"blank":                 {"  ", map[string]string{"KONNECT_WORKSPACE": " ", "TF_WORKSPACE": "stage"}, ""},
	} {
		env := func(key string) string { return tt.env[key] }
		if got := workspaceIn(tt.block, env); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
