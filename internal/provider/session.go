package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

// session is one provider configuration: the control plane that it leads to,
// and what is known while Terraform walks through the resources. Every
// configuration has its own, since an alias is another world.
type session struct {
	// api is nil while the configuration depends on values that are not known
	// yet; missing then says which.
	api     *client.Client
	missing string
	closer  io.Closer // of the embedded control plane

	bundled *plugins.Set
	schemas *schemaBook

	// minimum is the oldest version of the data planes, if the user said so.
	minimum plugins.Version
	planes  planeBook
	claims  claims
	held    heldBook
	kinds   kindBook
	nodes   nodeBook
}

// configured reports whether there is a provider configuration: there is none
// in terraform validate.
func (s *session) configured() bool { return s.api != nil || s.missing != "" }

// unconfigured is the session of a process that was not told its
// configuration: terraform validate.
func unconfigured(bundled *plugins.Set) *session {
	return &session{bundled: bundled, schemas: newSchemaBook()}
}

// close ends what the session holds open.
func (s *session) close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}

var errNotConfigured = errors.New("the provider is not configured")

// client returns the way to the control plane, or says why there is none.
func (s *session) client() (*client.Client, error) {
	switch {
	case s.api == nil && s.missing == "":
		return nil, errNotConfigured
	case s.api == nil:
		return nil, fmt.Errorf("the provider's configuration depends on %s, which is known only after apply; "+
			"apply what it depends on first, for example with -target", s.missing)
	}
	return s.api, nil
}

// longWait is from when on people are told that Terraform was kept waiting.
const longWait = 10 * time.Second

// waits collects the pauses of one call of Terraform's, so that it can say why
// it took so long: logs are off unless asked for.
type waits struct {
	mu    sync.Mutex
	count int
	total time.Duration
	last  string
}

type waitsKey struct{}

// withWaits returns a context whose retries are collected.
func withWaits(ctx context.Context) (context.Context, *waits) {
	w := &waits{}
	return context.WithValue(ctx, waitsKey{}, w), w
}

// waiting tells of a retry: in the log at once, and to the call that waits.
func waiting(ctx context.Context, e client.RetryEvent) {
	tflog.Warn(ctx, "Waiting to repeat a request to the control plane", map[string]any{
		"method": e.Method, "address": e.Address, "path": e.Path,
		"attempt": e.Attempt, "status": e.Status, "reason": e.Reason, "wait": e.Wait.String(),
	})
	if w, ok := ctx.Value(waitsKey{}).(*waits); ok {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.count++
		w.total += e.Wait
		w.last = e.Reason
	}
}

// diagnostics warns of a long wait.
func (w *waits) diagnostics() diagnostics {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.total < longWait {
		return nil
	}
	return []*tfprotov6.Diagnostic{warning(nil, "The control plane kept Terraform waiting",
		fmt.Sprintf("Requests were repeated %d times after pauses of %s in all; the last reason was: %s. "+
			"The provider's retry_budget bounds such waiting.", w.count, w.total.Round(time.Second), w.last))}
}
