package client

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// refused makes an [*Error] of an answer that is an error.
func (c *Client) refused(r *reply) *Error {
	e := r.fail("")
	readRefusal(e, r.body, r.header.Get("Content-Type"))
	e.fault = faultOf(r.status)
	e.retryAfter = retryAfter(r.header, c.opts.Now())
	if r.status == http.StatusUnauthorized {
		e.Message += "; " + c.blameToken()
	}
	c.redact(e)
	return e
}

// blameToken says which token was refused, so that people know which one to
// change.
func (c *Client) blameToken() string {
	switch {
	case c.opts.Token == "":
		return "no token was sent"
	case c.opts.TokenSource == "":
		return "the token was refused"
	default:
		return "the token from " + c.opts.TokenSource + " was refused"
	}
}

// redact takes the token out of a message, for servers that repeat it.
func (c *Client) redact(e *Error) {
	if c.opts.Token == "" {
		return
	}
	hide := strings.NewReplacer(c.opts.Token, "(token)").Replace
	e.Message, e.Instance = hide(e.Message), hide(e.Instance)
	for _, v := range e.Violations {
		v.Message = hide(v.Message)
	}
}

// maxMessage bounds each text taken from a server, in characters,
// maxViolations how many complaints of one answer are kept, and maxRefusal how
// much of it is read.
const (
	maxMessage    = 600
	maxViolations = 200
	maxRefusal    = 1 << 20
)

// readRefusal fills in message, complaints and kinds from the body of an
// error. It knows three families and their mixtures by their keys,
//
//	problem documents  {status, title, detail, instance, invalid_parameters}
//	core entities      {code, message, details: [{type, field, messages}]}
//	legacy             {message}
//
// and trusts no type in them: what does not fit is left out, and where nothing
// fits the text itself is shown.
func readRefusal(e *Error, body []byte, contentType string) {
	body = body[:min(len(body), maxRefusal)]
	doc, isObject := readObject(body)
	e.Instance = visible(scalar(doc["instance"]), maxMessage)
	e.Message = message(doc)
	e.Violations = append(parameters(doc["invalid_parameters"]), details(doc["details"])...)
	e.Violations = e.Violations[:min(len(e.Violations), maxViolations)]
	if _, silent := doc["message"].(string); e.Message == "" && len(e.Violations) == 0 && !silent {
		e.Message = shown(body, contentType)
	}
	if e.Message == "" {
		e.Message = "the answer gives no reason"
	}
	spoken := isObject || len(bytes.TrimSpace(body)) == 0
	e.kinds = kindsOf(e, scalar(doc["code"]), spoken)
}

// readObject reads a body that is an object. Text that is not UTF-8 does not
// make a reason unreadable.
func readObject(body []byte) (map[string]any, bool) {
	v, err := jsonvalue.Parse(strings.ToValidUTF8(string(body), "\uFFFD"), deepest)
	doc, ok := v.(map[string]any)
	return doc, err == nil && ok
}

// message joins the general and the particular reason, where both are given
// and differ.
func message(doc map[string]any) string {
	general := firstText(doc, "title", "message", "error")
	particular := firstText(doc, "detail", "reason", "description", "error_description")
	switch {
	case particular == "" || strings.Contains(general, particular):
		return general
	case general == "" || strings.Contains(particular, general):
		return particular
	default:
		return general + ": " + particular
	}
}

func firstText(doc map[string]any, names ...string) string {
	for _, name := range names {
		if s := visible(scalar(doc[name]), maxMessage); s != "" {
			return s
		}
	}
	return ""
}

// parameters reads the complaints of a problem document.
func parameters(v any) []*schema.Violation {
	var out []*schema.Violation
	for _, e := range listOf(v) {
		p := object(e)
		reason := firstText(p, "reason", "message", "detail")
		rule := visible(scalar(p["rule"]), maxMessage)
		if reason == "" {
			reason = rule
		}
		if reason += bound(p, reason); reason == "" {
			continue
		}
		out = append(out, &schema.Violation{
			Path:    pathIn(scalar(p["field"])),
			Message: reason,
			Rule:    rule,
		})
	}
	return out
}

// bound says what would be right, if a complaint has a field of its own for
// that.
func bound(parameter map[string]any, reason string) string {
	for _, b := range []struct{ name, words string }{
		{"minimum", "at least "},
		{"maximum", "at most "},
		{"choices", "one of "},
		{"dependents", "depends on "},
	} {
		value := visible(listed(parameter[b.name]), maxMessage)
		if value != "" && !strings.Contains(reason, value) {
			return " (" + b.words + value + ")"
		}
	}
	return ""
}

// listed joins the texts of a list, or returns the text of a single value.
func listed(v any) string {
	list, ok := v.([]any)
	if !ok {
		return scalar(v)
	}
	var parts []string
	for _, e := range list {
		if s := scalar(e); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// details reads the complaints of a core entity: each has a field and several
// messages, or messages about the entity as a whole.
func details(v any) []*schema.Violation {
	var out []*schema.Violation
	for _, e := range listOf(v) {
		d := object(e)
		path := pathIn(scalar(d["field"]))
		for _, m := range listOf(d["messages"]) {
			if m := visible(scalar(m), maxMessage); m != "" {
				out = append(out, complaint(path, m)...)
			}
		}
	}
	return out
}

// complaint turns one message into violations. The name of a missing property
// stands only in the words, though it belongs to the path.
func complaint(path schema.Path, message string) []*schema.Violation {
	v := &schema.Violation{Path: path, Message: message, Entity: len(path) == 0}
	switch {
	case strings.Contains(message, uniqueFailed):
		v.Rule = "unique"
	case strings.Contains(message, foreignMissing):
		v.Rule = "foreign"
	case strings.HasPrefix(message, "missing properties:"):
		return missing(v)
	}
	return []*schema.Violation{v}
}

// missing splits "missing properties: 'host', 'name'".
func missing(v *schema.Violation) []*schema.Violation {
	var out []*schema.Violation
	quoted := strings.Split(v.Message, "'")
	for i := 1; i < len(quoted); i += 2 {
		path := v.Path.Join(pathIn(quoted[i])...)
		out = append(out, &schema.Violation{
			Path:    path,
			Message: "required field missing",
			Rule:    "required",
		})
	}
	if out == nil {
		return []*schema.Violation{v}
	}
	return out
}

// listOf returns the elements of a list, or a single value as its only one.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// Parts of messages that tell which constraint of a core entity failed.
const (
	uniqueFailed   = "(type: unique) constraint failed"
	foreignMissing = "(type: foreign) constraint failed"
	foreignUsed    = "references this value"
	schemaUsed     = "currently in use"
)

// kindsOf says what an error is besides its message. Some families answer
// everything with 400; their errors are told apart by their words.
func kindsOf(e *Error, code string, spoken bool) []error {
	words := strings.ToLower(e.Message)
	for _, v := range e.Violations {
		words += "\n" + strings.ToLower(v.Message)
	}
	says := func(part string) bool { return strings.Contains(words, strings.ToLower(part)) }
	quota := says("quota") || says("limit exceeded") || says("limit reached")
	used := says(foreignUsed) || says(schemaUsed)
	rows := []struct {
		kind error
		is   bool
	}{
		{ErrNotFound, e.Status == http.StatusNotFound && spoken && !says("no route matched")},
		{ErrConflict, e.Status == http.StatusConflict || code == "6" || says(uniqueFailed)},
		{ErrReference, says(foreignMissing)},
		{ErrInUse, used || e.Status == http.StatusConflict && e.Method == http.MethodDelete},
		{ErrInvalid, e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity},
		{ErrUnauthorized, e.Status == http.StatusUnauthorized},
		{ErrForbidden, e.Status == http.StatusForbidden},
		{ErrReadOnly, e.Status == http.StatusForbidden && !quota && (code == "7" || says("read-only") || says("read only"))},
		{ErrQuota, e.Status == http.StatusForbidden && quota},
	}
	var kinds []error
	for _, row := range rows {
		if row.is {
			kinds = append(kinds, row.kind)
		}
	}
	return kinds
}

// shown is a body of unknown shape as a message shows it.
func shown(body []byte, contentType string) string {
	s := string(body[:min(len(body), 8*maxMessage)])
	if isHTML(s, contentType) {
		return fmt.Sprintf("the answer is a web page, not this API's: %q", visible(untagged(s), maxMessage/3))
	}
	return visible(s, maxMessage)
}

func isHTML(s, contentType string) bool {
	start := strings.ToLower(strings.TrimSpace(s))
	return strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") ||
		strings.Contains(strings.ToLower(contentType), "text/html")
}

// untagged drops everything between angle brackets.
func untagged(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '<':
			depth++
			b.WriteByte(' ')
		case r == '>' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}
