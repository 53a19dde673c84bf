package fault

import (
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

const detailType = "type.googleapis.com/kong.admin.model.v1.ErrorDetail"

// codes are the gRPC codes that core-entities show beside the HTTP status.
var codes = map[int]int{
	http.StatusBadRequest:            3,
	http.StatusForbidden:             7,
	http.StatusNotFound:              5,
	http.StatusConflict:              6,
	http.StatusMethodNotAllowed:      12,
	http.StatusUnsupportedMediaType:  3,
	http.StatusRequestEntityTooLarge: 3,
	http.StatusServiceUnavailable:    14,
	http.StatusInternalServerError:   13,
	http.StatusGatewayTimeout:        4,
	http.StatusInsufficientStorage:   8,
}

// coreError is the body of core-entities.
func coreError(f *fault) (int, map[string]any) {
	status := statusOf(f)
	if f.reason == unauthorized {
		return status, map[string]any{"message": f.message, "status": status}
	}
	body := map[string]any{"code": codes[status], "message": f.sentence(), "details": []any{}}
	switch f.reason {
	case violated:
		details := violationDetails(f.violations)
		body["details"] = details
		body["message"] = "validation error: " + firstMessage(details)
	case constraint:
		body["message"] = "data constraint error"
		body["details"] = []any{detail("ERROR_TYPE_REFERENCE", f.field, f.message)}
	case usage, quota:
		body["message"] = "usage constraint error"
		body["details"] = []any{detail("", "", f.message)}
	}
	return status, body
}

func detail(kind, field string, messages ...string) map[string]any {
	d := map[string]any{"@type": detailType, "messages": messages}
	if kind != "" {
		d["type"] = kind
	}
	if field != "" {
		d["field"] = field
	}
	return d
}

func firstMessage(details []any) string {
	if len(details) == 0 {
		return ""
	}
	return details[0].(map[string]any)["messages"].([]string)[0]
}

// violationDetails groups violations as Konnect does: one detail for the entity
// as a whole, then one for each field.
func violationDetails(violations []*schema.Violation) []any {
	byField := map[string][]string{}
	var order, whole []string
	for _, v := range violations {
		if v.Entity {
			whole = append(whole, v.Message)
			continue
		}
		field := v.Path.String()
		if isWhole(v) {
			continue
		}
		if byField[field] == nil {
			order = append(order, field)
		}
		byField[field] = append(byField[field], v.Message)
	}
	whole = append(propertyMessages(violations), whole...)
	details := []any{}
	if len(whole) > 0 {
		details = append(details, detail("ERROR_TYPE_ENTITY", "", whole...))
	}
	for _, field := range order {
		details = append(details, detail("ERROR_TYPE_FIELD", field, byField[field]...))
	}
	return details
}

// isWhole reports whether Konnect assigns a violation to the entity as a whole:
// before it judges any field, it checks by JSON Schema which properties are
// there.
func isWhole(v *schema.Violation) bool {
	return len(v.Path) == 0 || len(v.Path) == 1 && (v.Rule == "required" || v.Rule == "unknown_field")
}

func propertyMessages(violations []*schema.Violation) []string {
	var absent, unknown, messages []string
	for _, v := range violations {
		switch {
		case v.Entity || !isWhole(v):
		case len(v.Path) == 0:
			messages = append(messages, v.Message)
		case v.Rule == "required":
			absent = append(absent, "'"+v.Path.String()+"'")
		default:
			unknown = append(unknown, "'"+v.Path.String()+"'")
		}
	}
	if len(unknown) > 0 {
		messages = append([]string{"additional properties " + strings.Join(unknown, ", ") + " not allowed"}, messages...)
	}
	if len(absent) > 0 {
		messages = append([]string{"missing properties: " + strings.Join(absent, ", ")}, messages...)
	}
	return messages
}
