package session

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
)

// A long wait is explained where people see it; a short one is not worth a
// word.
func TestWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		waits []time.Duration
		want  string
	}{
		"none":  {nil, ""},
		"short": {[]time.Duration{time.Second, 2 * time.Second}, ""},
		"long":  {[]time.Duration{4 * time.Second, 8 * time.Second}, "repeated 2 times after pauses of 12s in all; the last reason was: 429 rate limited"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, w := WithWaits(t.Context())
			for _, d := range c.waits {
				Waiting(ctx, client.RetryEvent{Wait: d, Reason: "429 rate limited"})
			}
			if got := w.Warning(); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q", got)
			}
		})
	}
	Waiting(context.Background(), client.RetryEvent{}) // nobody listens
}
