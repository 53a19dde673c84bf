package fault

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Organization is the organization of all entities: this control plane has no
// accounts, but clients ask for theirs, and messages name it.
const Organization = "00000000-0000-0000-0000-000000000000"

var titles = map[int]string{
	http.StatusBadRequest:            "Invalid Request",
	http.StatusUnauthorized:          "Unauthorized",
	http.StatusForbidden:             "Forbidden",
	http.StatusNotFound:              "Not Found",
	http.StatusConflict:              "Conflict",
	http.StatusMethodNotAllowed:      "Method Not Allowed",
	http.StatusUnsupportedMediaType:  "Unsupported Media Type",
	http.StatusRequestEntityTooLarge: "Payload Too Large",
	http.StatusServiceUnavailable:    "Service Unavailable",
	http.StatusInternalServerError:   "Internal",
	http.StatusGatewayTimeout:        "Gateway Timeout",
	http.StatusInsufficientStorage:   "Insufficient Storage",
}

// problem is the body of the platform family.
func problem(f *fault, requestID string) (int, map[string]any) {
	status := statusOf(f)
	if f.unique != nil {
		status = http.StatusConflict
	}
	body := map[string]any{
		"status":   status,
		"title":    titles[status],
		"instance": "kong:trace:" + requestID,
		"detail":   f.message,
	}
	switch {
	case f.reason == quota:
		body["title"] = "Quota Exceeded"
	case f.unique != nil:
		body["detail"] = conflictDetail(f)
	case f.reason == violated:
		body["detail"] = "Invalid Parameters"
		body["invalid_parameters"] = invalidParameters(f.violations)
	case status == http.StatusBadRequest:
		body["detail"] = "Invalid Parameters"
		p := parameter(cmp.Or(f.field, "body"), f.message)
		p["source"] = cmp.Or(f.source, "body")
		body["invalid_parameters"] = []any{p}
	}
	return status, body
}

// conflictDetail is the raw key message that Konnect lets through.
func conflictDetail(f *fault) string {
	fields := append([]string{"org_id"}, f.unique.Fields...)
	values := Organization
	if f.field != "" && f.value != "" {
		values += ", " + f.value
	}
	return "Key (" + strings.Join(fields, ", ") + ")=(" + values + ") already exists."
}

// parameter is an entry of invalid_parameters whose rule has no name.
func parameter(field, reason string) map[string]any {
	return map[string]any{"field": field, "rule": "invalid", "reason": reason, "source": "body"}
}

// invalidParameters is one entry for each violation, without repetitions.
func invalidParameters(violations []*schema.Violation) []any {
	out := []any{}
	seen := map[string]bool{}
	for _, v := range violations {
		p := invalidParameter(v)
		key := jsonvalue.Text(p["field"]) + "\x00" + jsonvalue.Text(p["rule"]) + "\x00" + jsonvalue.Text(p["reason"])
		if !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}

// invalidParameter renders a violation with the name that Konnect has for its
// rule, and the limit where one is at stake.
func invalidParameter(v *schema.Violation) map[string]any {
	p := parameter(v.Path.String(), v.Message)
	if len(v.Path) > 0 && v.Path[0].Name == "labels" && v.Rule != "type" {
		p["field"], p["rule"], p["reason"] = "labels", "is_label", v.Error()
		return p
	}
	switch v.Rule {
	case "required", "missing_reference", "is_base64", "is_boolean", "unknown_property":
		p["rule"] = v.Rule
	case "match", "match_any", "match_all":
		p["rule"] = "matches_regex"
	case "unknown_field":
		p["rule"] = "unknown_property"
	case "uuid":
		p["rule"] = "is_uuid"
	case "type":
		p["rule"] = typeRule(v.Field)
	case "len_min":
		limited(p, "min", "minimum", v.Field, "len_min")
	case "len_max":
		limited(p, "max", "maximum", v.Field, "len_max")
	case "one_of":
		if v.Field != nil {
			p["rule"], p["choices"] = "enum", v.Field.Def["one_of"]
		}
	}
	return p
}

func typeRule(f *schema.Field) string {
	if f == nil {
		return "type"
	}
	switch f.Type {
	case schema.Array, schema.Set:
		return "is_array"
	case schema.Boolean:
		return "is_boolean"
	case schema.Integer:
		return "is_integer"
	case schema.NumberType:
		return "is_number"
	case schema.String:
		return "is_string"
	case schema.Map, schema.Record, schema.Foreign:
		return "is_object"
	}
	return "type"
}

// limited describes a broken length limit. The minimum of 1 of a string is
// implied by the language and not in the definition.
func limited(p map[string]any, rule, name string, f *schema.Field, attribute string) {
	unit := "_length"
	var limit any = 1
	if f != nil {
		if f.Type != schema.String {
			unit = "_items"
		}
		if stated, ok := f.Def[attribute]; ok {
			limit = stated
		}
	}
	p["rule"], p[name] = rule+unit, limit
}
