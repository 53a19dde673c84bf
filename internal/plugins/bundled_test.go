package plugins_test

import (
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

func bundled() *plugins.Set { return plugins.Bundled(entity.Plugin.Schema(), entity.Schemas) }

func TestBundled_compiles(t *testing.T) {
	t.Parallel()
	set := bundled()
	if n := len(set.Names()); n < 115 {
		t.Errorf("only %d plugins are bundled", n)
	}
	for _, name := range set.Names() {
		p, err := set.Load(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Name != name || p.Schema.Field("config") == nil || p.Info == nil || p.Custom {
			t.Errorf("%s: an incomplete plugin: %+v", name, p)
		}
	}
}
