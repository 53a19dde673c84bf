package routing

import (
	"encoding/json"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// texts are those in a list.
func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// whole is a whole number, 0 where there is none.
func whole(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// refID is the id that a foreign key holds, or "".
func refID(v any) string {
	ref, _ := v.(map[string]any)
	return jsonvalue.Text(ref["id"])
}
