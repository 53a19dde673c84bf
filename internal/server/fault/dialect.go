package fault

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Dialect returns the dialect for errors of a path. The list of plugin schemas
// fails as the platform does.
func Dialect(method, path string) entity.Family {
	switch {
	case strings.HasSuffix(path, "/core-entities/plugin-schemas") && (method == http.MethodGet || method == http.MethodHead):
		return entity.Platform
	case strings.Contains(path, "/core-entities/plugin-schemas"), strings.Contains(path, "/dp-client-certificates"):
		return entity.Legacy
	case strings.Contains(path, "/core-entities"):
		return entity.Core
	}
	return entity.Platform
}

// Answer renders any error in a dialect. Requests over a limit get the only
// form that clients of Konnect know. It also sets the headers that tell a
// client what to do.
func Answer(header http.Header, err error, dialect entity.Family, requestID string) (status int, contentType string, body map[string]any) {
	f := of(err)
	contentType = "application/json"
	switch f.reason {
	case tooMany:
		header.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(f.wait.Seconds())))))
		dialect = entity.Legacy
	case unauthorized:
		header.Set("WWW-Authenticate", "Bearer")
	}
	switch dialect {
	case entity.Core:
		status, body = coreError(f)
	case entity.Legacy:
		status, body = legacyError(f)
	default:
		status, body = problem(f, requestID)
		contentType = "application/problem+json"
	}
	return status, contentType, body
}

// legacyError is the body of plugin-schemas: a message and nothing else.
func legacyError(f *fault) (int, map[string]any) {
	status := statusOf(f)
	message := f.sentence()
	switch {
	case f.unique != nil:
		status = http.StatusConflict
	case f.reason == violated:
		message = "validation error: " + Summary(f.violations)
	}
	return status, map[string]any{"message": message}
}
