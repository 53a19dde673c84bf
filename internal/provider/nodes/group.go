package nodes

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// Membership says that nodes would connect to a control plane's group and not
// to itself; or "". It takes a request.
func (w Watch) Membership(ctx context.Context) string {
	if answer := w.ask(ctx, "group-member-status"); answer["is_member"] == true {
		return "The control plane is a member of a control plane group, and data planes connect to the group: wait for those of the group."
	}
	return ""
}

// Conflicts says what keeps the nodes of a control plane group from taking a new
// configuration; or "". It takes a request.
func (w Watch) Conflicts(ctx context.Context) string {
	item, _ := w.ask(ctx, "group-status")["item"].(map[string]any)
	if item["state"] != "CONFLICT" {
		return ""
	}
	var conflicts []string
	for c := range objects(item["conflicts"]) {
		resource, _ := c["resource"].(map[string]any)
		conflicts = append(conflicts, strings.TrimSpace(fmt.Sprintf("%s %s of control plane %s: %s", jsonvalue.Text(resource["type"]),
			jsonvalue.Text(resource["id"]), jsonvalue.Text(c["cluster_id"]), jsonvalue.Text(c["description"]))))
	}
	text := "The members of the control plane group are in conflict, and its data planes keep what they have until that is solved."
	for _, c := range conflicts[:min(len(conflicts), mostIssues)] {
		text += "\n- " + ended(c)
	}
	if more := len(conflicts) - mostIssues; more > 0 {
		text += fmt.Sprintf("\n- and %d more.", more)
	}
	return text
}

// ask returns an answer that only explains something: without it there is less
// to say.
func (w Watch) ask(ctx context.Context, what string) (answer map[string]any) {
	path, err := place(w.ControlPlane)
	if err != nil || w.API.Do(ctx, http.MethodGet, path+"/"+what, nil, &answer) != nil {
		return nil
	}
	return answer
}
