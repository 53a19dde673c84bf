// Package nodes watches the data planes of a control plane: [List] reads what
// is known of them, and a [Watch] waits until all that are connected run the
// configuration that the control plane expects of them.
//
// A data plane reports the hash of what it runs. Whatever happened to a
// configuration on its way, equal hashes say that it has arrived.
//
// The package does not know that Terraform asks.
package nodes

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// Node is a data plane, as its control plane knows it. Anything but the zero
// value of a member is what the control plane says.
type Node struct {
	ID       string
	Hostname string
	Version  string
	Hash     string    // of the configuration that it runs
	LastPing time.Time // when it was last heard
	State    string    // of its compatibility: COMPATIBILITY_STATE_…
	Issues   []Issue
}

// Issue is something in the configuration that a data plane cannot use as it
// is, in the control plane's words.
type Issue struct {
	Code, Severity, Description, Resolution, Documentation string
	Affected                                               []Affected
}

// Affected is an entity that an issue is about.
type Affected struct{ Type, ID string }

// List returns the data planes of a control plane, by their host names. They
// may have been silent for long.
func List(ctx context.Context, api *client.Client, controlPlane string) ([]Node, error) {
	path, err := place(controlPlane)
	if err != nil {
		return nil, err
	}
	docs, err := api.ListPath(ctx, entity.Platform, path+"/nodes", nil)
	if err != nil {
		return nil, err
	}
	out := make([]Node, len(docs))
	for i, doc := range docs {
		out[i] = read(doc)
	}
	slices.SortFunc(out, func(a, b Node) int {
		return cmp.Or(strings.Compare(a.Hostname, b.Hostname), strings.Compare(a.ID, b.ID))
	})
	return out, nil
}

func place(controlPlane string) (string, error) {
	return client.Ref{Type: entity.ControlPlane, Key: controlPlane}.Path()
}

func read(doc map[string]any) Node {
	n := Node{
		ID: jsonvalue.Text(doc["id"]), Hostname: jsonvalue.Text(doc["hostname"]), Version: jsonvalue.Text(doc["version"]),
		Hash: jsonvalue.Text(doc["config_hash"]),
	}
	if n.Hash == noConfiguration {
		n.Hash = ""
	}
	if ping, ok := doc["last_ping"].(json.Number); ok {
		if seconds, err := ping.Int64(); err == nil && seconds > 0 {
			n.LastPing = time.Unix(seconds, 0)
		}
	}
	compatibility, _ := doc["compatibility_status"].(map[string]any)
	n.State = jsonvalue.Text(compatibility["state"])
	for issue := range objects(compatibility["issues"]) {
		if i := readIssue(issue); i.String() != "" {
			n.Issues = append(n.Issues, i)
		}
	}
	return n
}

// noConfiguration is the hash that a gateway reports before it has any.
const noConfiguration = "00000000000000000000000000000000"

func readIssue(doc map[string]any) Issue {
	i := Issue{
		Code: jsonvalue.Text(doc["code"]), Severity: jsonvalue.Text(doc["severity"]), Description: jsonvalue.Text(doc["description"]),
		Resolution: jsonvalue.Text(doc["resolution"]), Documentation: jsonvalue.Text(doc["documentation_url"]),
	}
	for r := range objects(doc["affected_resources"]) {
		i.Affected = append(i.Affected, Affected{jsonvalue.Text(r["type"]), jsonvalue.Text(r["id"])})
	}
	return i
}

// objects are those in a list, whatever else is in it.
func objects(list any) iter.Seq[map[string]any] {
	return func(yield func(map[string]any) bool) {
		elements, _ := list.([]any)
		for _, e := range elements {
			if o, ok := e.(map[string]any); ok && !yield(o) {
				return
			}
		}
	}
}
