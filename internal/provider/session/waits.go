package session

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
)

// longWait is how long Terraform has to wait before people are told.
const longWait = 10 * time.Second

// Waits collects the pauses of one call of Terraform's, so that it can say why
// it took so long: logs are off unless asked for.
type Waits struct {
	mu    sync.Mutex
	count int
	total time.Duration
	last  string
}

type waitsKey struct{}

// WithWaits returns a context whose retries are collected.
func WithWaits(ctx context.Context) (context.Context, *Waits) {
	w := &Waits{}
	return context.WithValue(ctx, waitsKey{}, w), w
}

// Waiting tells of a retry: in the log at once, and to the call that waits.
func Waiting(ctx context.Context, e client.RetryEvent) {
	tflog.Warn(ctx, "Waiting to repeat a request to the control plane", map[string]any{
		"method": e.Method, "address": e.Address, "path": e.Path,
		"attempt": e.Attempt, "status": e.Status, "reason": e.Reason, "wait": e.Wait.String(),
	})
	if w, ok := ctx.Value(waitsKey{}).(*Waits); ok {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.count++
		w.total += e.Wait
		w.last = e.Reason
	}
}

// Progress tells the log what is waited for.
func Progress(ctx context.Context, text string) { tflog.Info(ctx, text) }

// Warning tells of a long wait; "" when there was none.
func (w *Waits) Warning() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.total < longWait {
		return ""
	}
	return fmt.Sprintf("Requests were repeated %d times after pauses of %s in all; the last reason was: %s. "+
		"The provider's retry_budget bounds such waiting.", w.count, w.total.Round(time.Second), w.last)
}
