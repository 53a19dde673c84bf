// Package fault says why a request was not served. Errors are made by functions
// named for the reason ([BadRequest], [Violation], [Conflict], …); [Answer] gives
// any other error its reason and renders it in the dialect of the path
// ([Dialect]), for each family of the API tells errors in a form of its own.
// Answers do not show the cause of what is our failure or the database's
// ([Failed]).
//
// The package does not know who serves what, and logs nothing.
package fault

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// reason is why a request was not served. All dialects can render each reason.
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
	busy      // not served in time
	unstored  // the database takes nothing more
	undecided // perhaps the database has made the change
	tooMany   // the caller is over a limit
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
	wait       time.Duration // tooMany: until there is room again
	cause      error
}

func (f *fault) Error() string {
	if f.cause != nil {
		return f.cause.Error()
	}
	return f.message
}

func (f *fault) Unwrap() error { return f.cause }

// Errors of requests that are refused before they are understood.
var (
	ErrUnauthorized error = &fault{reason: unauthorized, message: "Unauthorized"}
	ErrNoEndpoint   error = &fault{reason: missing, message: "Not found"}
	ErrMethod       error = &fault{reason: method, message: "Method not allowed"}
	ErrMediaType    error = &fault{reason: mediaType, message: "the body must be application/json"}
	ErrEncoding     error = &fault{reason: mediaType, message: "the body must not be compressed"}
	ErrTooLarge     error = &fault{reason: tooLarge, message: "the body is too large"}
)

// BadRequest is the error of a request that cannot be read.
func BadRequest(message string) error { return &fault{reason: malformed, message: message} }

// BadParameter is BadRequest for one parameter of the query.
func BadParameter(name, message string) error {
	return &fault{reason: malformed, field: name, source: "query", message: message}
}

// BadPath is BadRequest for one parameter of the path.
func BadPath(name, message string) error {
	return &fault{reason: malformed, field: name, source: "path", message: message}
}

// Usage is the error of a control plane that does not accept such a change.
func Usage(message string) error { return &fault{reason: usage, message: message} }

// Conflict says that another entity prevents this.
func Conflict(message string) error { return &fault{reason: conflict, message: message} }

// Forbidden is the error of a token that does not allow the request.
func Forbidden(message string) error { return &fault{reason: denied, message: message} }

// Quota says that the number of entities has reached its limit.
func Quota(message string) error { return &fault{reason: quota, message: message} }

// TooMany is the error of a caller that sends requests too fast.
func TooMany(wait time.Duration) error {
	return &fault{reason: tooMany, message: "API rate limit exceeded", wait: wait}
}

// Invalid is the error of a body that breaks rules. Rules that failed to judge
// count too: they belong to an uploaded schema.
func Invalid(violations ...*schema.Violation) error {
	return &fault{reason: violated, message: "validation error", violations: violations}
}

// Violation is Invalid for one broken rule that is in no schema.
func Violation(field, rule, message string) error {
	return Invalid(&schema.Violation{Path: schema.Path{schema.Key(field)}, Rule: rule, Message: message})
}

// Contradicts is the error of a body that contradicts the path.
func Contradicts(field string) error {
	return Violation(field, "eq", "must be the same as in the path")
}

// Violations returns the broken rules in an error, or nil.
func Violations(err error) []*schema.Violation {
	if f := (*fault)(nil); errors.As(err, &f) {
		return f.violations
	}
	return nil
}

// Taken adds the value to an error about a value that is already taken.
func Taken(err error, doc map[string]any) error {
	f := of(err)
	if f.unique == nil || f.field == "" {
		return err
	}
	f.value = jsonvalue.Text(doc[f.field])
	return f
}

// Failed reports whether an error is the server's or the database's, so that
// its cause must be logged.
func Failed(err error) bool {
	f := of(err)
	return f.reason == internal || f.reason == busy || f.reason == unstored || f.reason == undecided
}

// of returns the fault with the reason of any error.
func of(err error) *fault {
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
	case errors.Is(err, store.ErrUnreachable):
		return &fault{reason: busy, message: store.ErrUnreachable.Error() + "; nothing was written", cause: err}
	case errors.Is(err, store.ErrNewer):
		return &fault{reason: busy, message: store.ErrNewer.Error(), cause: err}
	case errors.Is(err, store.ErrUndecided):
		return &fault{reason: undecided, message: store.ErrUndecided.Error(), cause: err}
	case errors.Is(err, store.ErrFull):
		return &fault{reason: unstored, message: store.ErrFull.Error() + "; nothing was written", cause: err}
	case errors.Is(err, store.ErrReadOnly):
		return &fault{reason: unstored, message: store.ErrReadOnly.Error() + "; nothing was written", cause: err}
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

// sentence is the message with the name of the parameter that it is about.
func (f *fault) sentence() string {
	if f.reason == malformed && f.field != "" {
		return f.field + " " + f.message
	}
	return f.message
}

// statusOf are the HTTP statuses, which all dialects share.
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
	case undecided: // which clients repeat if that does no harm
		return http.StatusGatewayTimeout
	case unstored: // which clients do not repeat
		return http.StatusInsufficientStorage
	case tooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// Summary is all violations in one line.
func Summary(violations []*schema.Violation) string {
	parts := make([]string, len(violations))
	for i, v := range violations {
		parts[i] = v.Error()
	}
	return strings.Join(parts, "; ")
}
