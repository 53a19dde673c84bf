package plugins

import (
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
)

// acmeStorage judges the storage as a hybrid deployment does, where data planes
// do not share memory.
func acmeStorage(entity any) any {
	if record(record(entity)["config"])["storage"] == "shm" {
		return `"shm" storage can't be used in Hybrid mode`
	}
	return nil
}

// acmeZone takes the shared memory zones that a gateway has.
func acmeZone(name any) any {
	if s, _ := name.(string); !luaschema.IsZone(s) {
		return fmt.Sprintf("failed validating: %v", name)
	}
	return nil
}

// acmeKeys are the prefixes under which the plugin stores its own keys.
var acmeKeys = []string{"kong_acme:renew_config:", "kong_acme:renew_last_run", "kong_acme:cert_key:"}

func acmeNamespace(namespace any) any {
	s, _ := namespace.(string)
	for _, key := range acmeKeys {
		if strings.HasPrefix(s, key) {
			return fmt.Sprintf("namespace can't be prefixed with reserved word: %s", key)
		}
	}
	return nil
}
