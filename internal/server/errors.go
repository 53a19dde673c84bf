package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// reason is why a request was not served. The reasons are the vocabulary that
// all dialects render.
type reason uint8

const (
	internal   reason = iota // we or the database failed; the cause is logged only
	malformed                // the request cannot be read
	violated                 // the body breaks rules of a schema
	constraint               // a unique or foreign constraint of the store
	usage                    // this control plane takes no writes
	unauthorized
	quota    // there are as many as there may be
	denied   // the token does not allow it
	missing  // no such entity, or no such endpoint
	conflict // another entity is in the way, where a dialect tells it apart
	method
	mediaType
	tooLarge
	busy // not served in time
)

// fault is an error with a reason.
type fault struct {
	reason     reason
	message    string
	field      string // the field or parameter at fault, or ""
	source     string // where the field is, if not in the body
	value      string // unique: the value that is taken, where it may be told
	violations []*schema.Violation
	unique     *store.UniqueError
	cause      error
}

func (f *fault) Error() string {
	if f.cause != nil {
		return f.cause.Error()
	}
	return f.message
}

func (f *fault) Unwrap() error { return f.cause }

var (
	errUnauthorized   = &fault{reason: unauthorized, message: "Unauthorized"}
	errNoEndpoint     = &fault{reason: missing, message: "Not found"}
	errMethod         = &fault{reason: method, message: "Method not allowed"}
	errMediaType      = &fault{reason: mediaType, message: "the body must be application/json"}
	errEncoding       = &fault{reason: mediaType, message: "the body must not be compressed"}
	errControlPlaneID = &fault{reason: malformed, field: "controlPlaneId", source: "path", message: "must be a UUID"}
	errTooLarge       = &fault{reason: tooLarge, message: "the body is too large"}
)

func requestError(message string) error { return &fault{reason: malformed, message: message} }

// parameterError is requestError for one parameter of the query.
func parameterError(name, message string) error {
	return &fault{reason: malformed, field: name, source: "query", message: message}
}

func usageError(message string) error { return &fault{reason: usage, message: message} }

// invalid is the error of a body that breaks rules. Rules that failed to judge
// are the sender's as well: they belong to a schema that was uploaded.
func invalid(errs *schema.Errors) error {
	return &fault{reason: violated, message: "validation error", violations: errs.Violations()}
}

// violation is invalid for one broken rule that no schema states.
func violation(field, rule, message string) error {
	return &fault{reason: violated, message: "validation error", violations: []*schema.Violation{
		{Path: schema.Path{schema.Key(field)}, Rule: rule, Message: message},
	}}
}

// faultOf gives any error its reason.
func faultOf(err error) *fault {
	var f *fault
	var unique *store.UniqueError
	var reference *store.ReferenceError
	var inUse *store.InUseError
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, store.ErrNotFound):
		return &fault{reason: missing, message: "Not found"}
	case errors.Is(err, store.ErrBadCursor):
		return &fault{reason: malformed, message: "the offset does not continue this list"}
	case errors.As(err, &unique):
		return uniqueFault(unique)
	case errors.As(err, &reference):
		return &fault{
			reason: constraint, field: reference.Field + ".id",
			message: reference.Field + " (type: foreign) constraint failed",
		}
	case errors.As(err, &inUse):
		return &fault{
			reason:  constraint,
			message: "constraint failed (type: foreign) as " + inUse.By + " references this value",
		}
	case errors.Is(err, store.ErrBusy):
		return &fault{reason: busy, message: "the database is busy", cause: err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &fault{reason: busy, message: "the request was given up", cause: err}
	}
	return &fault{reason: internal, message: "internal error", cause: err}
}

// uniqueFault names the field where there is one field to name.
func uniqueFault(unique *store.UniqueError) *fault {
	f := &fault{reason: constraint, unique: unique, message: unique.Index + " (type: unique) constraint failed"}
	if len(unique.Fields) == 1 {
		f.field = unique.Fields[0]
	}
	return f
}

// fail answers a request that was not served, in the dialect of its path, and
// logs what the answer does not tell.
func (s *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := faultOf(err)
	if f.reason == internal || f.reason == busy {
		s.metrics.failed(err)
		s.log.ErrorContext(r.Context(), "request failed", "request_id", requestID(r), "cause", err)
	}
	var status int
	var body map[string]any
	contentType := "application/json"
	switch familyOf(r) {
	case entity.Core:
		status, body = coreError(f)
	case entity.Legacy:
		status, body = legacyError(f)
	default:
		status, body = problem(f, requestID(r))
		contentType = "application/problem+json"
	}
	if err := writeAs(w, contentType, status, body); err != nil {
		s.log.ErrorContext(r.Context(), "answer not written", "request_id", requestID(r), "cause", err)
	}
}

// sentence is the message with the name of the parameter that it is about.
func (f *fault) sentence() string {
	if f.reason == malformed && f.field != "" {
		return f.field + " " + f.message
	}
	return f.message
}

// statusOf is what the dialects have in common.
func statusOf(f *fault) int {
	switch f.reason {
	case malformed, violated, constraint:
		return http.StatusBadRequest
	case usage, quota, denied:
		return http.StatusForbidden
	case unauthorized:
		return http.StatusUnauthorized
	case missing:
		return http.StatusNotFound
	case conflict:
		return http.StatusConflict
	case method:
		return http.StatusMethodNotAllowed
	case mediaType:
		return http.StatusUnsupportedMediaType
	case tooLarge:
		return http.StatusRequestEntityTooLarge
	case busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// legacyError is the body of plugin-schemas: a message and nothing else.
func legacyError(f *fault) (int, map[string]any) {
	status := statusOf(f)
	message := f.sentence()
	switch {
	case f.unique != nil:
		status = http.StatusConflict
	case f.reason == violated:
		message = "validation error: " + summary(f.violations)
	}
	return status, map[string]any{"message": message}
}

// summary is all violations in one line.
func summary(violations []*schema.Violation) string {
	parts := make([]string, len(violations))
	for i, v := range violations {
		parts[i] = v.Error()
	}
	return strings.Join(parts, "; ")
}
