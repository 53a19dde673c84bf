package client

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// The kinds of an [*Error]; ask with errors.Is. An error can be of several
// kinds, or of none.
var (
	// ErrNotFound: the API itself says that the entity is not there. The 404 of
	// a proxy, or of anything else at that address, does not count.
	ErrNotFound = errors.New("not found")
	// ErrConflict: a unique value is taken, or the state of something forbids it.
	ErrConflict = errors.New("conflict")
	// ErrReference: an entity that a field refers to does not exist.
	ErrReference = errors.New("missing reference")
	// ErrInUse: others refer to the entity that was to be deleted.
	ErrInUse = errors.New("in use")
	// ErrInvalid: the server refused values; see Error.Violations.
	ErrInvalid = errors.New("invalid")
	// ErrUnauthorized: there was no token, or it was refused.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the token may not do this.
	ErrForbidden = errors.New("forbidden")
	// ErrReadOnly: the control plane takes no such writes: a group, or one
	// that is managed elsewhere.
	ErrReadOnly = errors.New("read-only")
	// ErrQuota: no more entities of this type may be created.
	ErrQuota = errors.New("quota exceeded")
	// ErrUnreachable: no connection to the control plane could be made.
	ErrUnreachable = errors.New("unreachable")
)

// Error is a request that did not succeed.
type Error struct {
	Method  string
	Address string // of the control plane: https://us.api.konghq.com
	Path    string // of the request, without its query

	// Status is that of the answer, 0 where there was none. An answer that is
	// a success by status can still be an error by what it holds.
	Status int
	// Message is the reason in words, the server's own where it gave one.
	Message string
	// Violations are the complaints about single fields. Their paths are read
	// back from text, in which a dot within a map's key looks like a step.
	Violations []*schema.Violation
	// Instance identifies the request to the operators of the server.
	Instance string
	// MayHaveHappened is set where a request that must not be repeated got no
	// usable answer, so that nobody knows whether it was carried out.
	MayHaveHappened bool
	// MayExist is the fresh id under which a creation may have stored its entity,
	// where the server claims a success and shows no such entity.
	MayExist string

	// Attempts counts how often the request was sent, over Elapsed.
	Attempts int
	Elapsed  time.Duration

	fault      fault
	retryAfter time.Duration
	kinds      []error
	cause      error
}

// Error says what was asked, what came back and what that means, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s%s: ", e.Method, e.Address, e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&b, "%s: ", statusText(e.Status))
	}
	b.WriteString(e.Reason())
	return b.String()
}

// Reason is the message with all complaints, without request and status.
func (e *Error) Reason() string {
	parts := []string{e.Message}
	for _, v := range e.Violations {
		if !strings.Contains(e.Message, v.Message) || len(v.Path) > 0 {
			parts = append(parts, v.Error())
		}
	}
	reason := strings.Join(parts, "; ")
	if e.Attempts > 1 {
		reason += fmt.Sprintf(" (request tried %d times over %s)", e.Attempts, e.Elapsed.Round(100*time.Millisecond))
	}
	if e.MayHaveHappened {
		reason += "; the request may have been carried out all the same, and was not repeated because that could do it twice"
	}
	if e.MayExist != "" {
		reason += "; it may be stored all the same, under the id " + e.MayExist
	}
	if e.Instance != "" {
		reason += fmt.Sprintf(" [%s]", e.Instance)
	}
	return reason
}

// Is makes errors.Is work with the kinds of this package.
func (e *Error) Is(target error) bool { return slices.Contains(e.kinds, target) }

// Unwrap returns the error of the network or the context, if that was the
// cause.
func (e *Error) Unwrap() error { return e.cause }

// statusText is the status as people know it: "404 Not Found".
func statusText(status int) string {
	if name := http.StatusText(status); name != "" {
		return fmt.Sprintf("%d %s", status, name)
	}
	return fmt.Sprintf("status %d", status)
}
