package resource

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
)

// recoverable is how long an object that no state has recorded counts as left by an
// apply that was cut short. What is older stands in the way of something else.
const recoverable = 7 * 24 * time.Hour

// isOurs reports whether an object that has a unique value of what is to be made
// was made by an earlier apply for this state, on whatever machine: its id says so, it
// is what is to be made, nobody has managed it for long, and nobody in this run does.
func (r *Resource) isOurs(s *session.Session, c candidate, body, held map[string]any) bool {
	id, _ := held[r.Type.ID].(string)
	if !client.ChoosesID(r.Type) || !s.Workspace.Made(id, r.Type.Name, c.ref(r.Type).Parents...) {
		return false
	}
	made, known := timeIn(held["created_at"])
	return known && time.Since(made) < recoverable && !s.Manages(r.Type, id) && !s.Makes(r.Type, id) && !s.IsTaken(r.Type, id) &&
		r.isShownIn(held, c, body)
}

// handedOn says that another resource of this run has taken over an object, which
// was to change here.
func (r *Resource) handedOn(w write) *tfprotov6.Diagnostic {
	return report.Failure(nil, "Unable to update "+r.Type.Title, fmt.Sprintf(
		"Another resource of this configuration was to be the %s as it was (ID %s), and has taken it over. Nothing was changed here. "+
			"Take this resource out of the state (terraform state rm), and apply again to make it anew.", r.label(w.prior), w.text(r.Type.ID)))
}
