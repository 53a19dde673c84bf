package luaschema

import (
	"context"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// LoadWithin is Load with a bound on instructions alone, which does not depend
// on the machine.
func LoadWithin(ctx context.Context, source string, steps int, parent *schema.Schema, refs func(entity string) *schema.Schema) (*Plugin, error) {
	return load(ctx, source, limits{time: time.Hour, steps: steps, memory: MaxMemory}, parent, refs)
}
