package framework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/nodes"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
)

// syncName is the name of both, the action and the data source that wait for
// data planes: an older Terraform has no actions.
const syncName = "sync"

// syncArguments are the arguments of both.
type syncArguments struct {
	ControlPlaneID types.String `tfsdk:"control_plane_id"`
	Timeout        types.String `tfsdk:"timeout"`
	MinimumNodes   types.Int64  `tfsdk:"minimum_nodes"`
}

const (
	syncControlPlane = "ID of the control plane whose data planes are waited for. Those of a member of a control plane group connect to the group."
	syncTimeout      = "How long to wait, such as `90s` or `5m`; `0s` looks once. Up to `24h`. Default: `5m`."
	syncMinimum      = "How many data planes must be connected. `0`, the default: where none is connected, there is nothing to wait for, which is said. " +
		"`1` and more: those are waited for, too, and not to find them in time is an error."

	defaultSyncTimeout = 5 * time.Minute
	longestSyncTimeout = 24 * time.Hour
)

// timeout is how long to wait.
func (a syncArguments) timeout() (time.Duration, error) {
	if a.Timeout.IsNull() || a.Timeout.IsUnknown() {
		return defaultSyncTimeout, nil
	}
	return timeUpTo(longestSyncTimeout, "timeout", a.Timeout.ValueString())
}

// judge finds what is wrong with values that are known.
func (a syncArguments) judge() (out diag.Diagnostics) {
	if id := a.ControlPlaneID; !id.IsNull() && !id.IsUnknown() && id.ValueString() == "" {
		out.AddAttributeError(path.Root("control_plane_id"), "No control plane", "control_plane_id: it is empty.")
	}
	if _, err := a.timeout(); err != nil {
		out.AddAttributeError(path.Root("timeout"), "Invalid timeout", wording.Sentence(err.Error()))
	}
	if n := a.MinimumNodes.ValueInt64(); n < 0 {
		out.AddAttributeError(path.Root("minimum_nodes"), "Invalid minimum_nodes",
			fmt.Sprintf("minimum_nodes: %d is no number of data planes; it is 0 or more.", n))
	}
	return out
}

// wait waits, tells of its progress, and returns what it saw last. It adds an
// error unless that is what was waited for.
func (a syncArguments) wait(ctx context.Context, s *session.Session, progress func(string)) (seen nodes.Sight, out diag.Diagnostics) {
	if out = a.judge(); out.HasError() {
		return seen, out
	}
	var api *client.Client
	err := session.ErrNotConfigured
	if s != nil {
		api, err = s.Client()
	}
	if err != nil {
		out.AddError("Unable to ask for data planes", wording.Sentence(err.Error()))
		return seen, out
	}
	timeout, _ := a.timeout() // judged
	w := nodes.Watch{
		API: api, ControlPlane: a.ControlPlaneID.ValueString(), Timeout: timeout, Minimum: int(a.MinimumNodes.ValueInt64()), Progress: progress,
	}
	seen, err = w.Wait(ctx)
	switch {
	case ctx.Err() != nil:
		out.AddError("Waiting for data planes was interrupted", "Nothing more is known of them than was told before.")
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrInvalid):
		out.AddAttributeError(path.Root("control_plane_id"), "No such control plane", wording.Sentence("control_plane_id: "+err.Error()))
	case err != nil:
		out.AddError("Unable to ask for data planes", wording.Sentence(err.Error()))
	default:
		out.Append(outcome(ctx, w, seen)...)
	}
	return seen, out
}

// outcome says what was not reached, and why, as far as the control plane knows.
func outcome(ctx context.Context, w nodes.Watch, seen nodes.Sight) (out diag.Diagnostics) {
	hint, conflicts := "", w.Conflicts(ctx)
	if len(seen.Connected) == 0 {
		hint = w.Membership(ctx)
	}
	if !seen.Reached() {
		text := seen.Shortfall()
		for _, more := range []string{hint, conflicts} {
			if more != "" {
				text += "\n" + more
			}
		}
		out.AddError("Data planes are not up to date", text)
		return out
	}
	if hint != "" {
		out.AddAttributeWarning(path.Root("control_plane_id"), "No data planes of its own", hint)
	}
	// A group expects of its data planes what it had before the conflict.
	if conflicts != "" {
		out.AddAttributeWarning(path.Root("control_plane_id"), "Members in conflict", conflicts)
	}
	return out
}
