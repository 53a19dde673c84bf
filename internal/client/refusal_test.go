package client

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

var kinds = map[string]error{
	"not found": ErrNotFound, "conflict": ErrConflict, "reference": ErrReference, "in use": ErrInUse,
	"invalid": ErrInvalid, "unauthorized": ErrUnauthorized, "forbidden": ErrForbidden,
	"read-only": ErrReadOnly, "quota": ErrQuota, "unreachable": ErrUnreachable,
}

// refusals are bodies of errors. The method is PUT unless a row names one;
// violations are written as path, rule and message with bars between.
var refusals = []struct {
	name       string
	method     string
	status     int
	body       string
	message    string
	violations []string
	instance   string
	kinds      []string
}{
	// Problem documents.
	{
		name: "problem", status: 400,
		body:       `{"status":400,"title":"Invalid Request","instance":"kong:trace:1234567890","detail":"Invalid Parameters","invalid_parameters":[{"field":"labels","rule":"is_label","reason":"must be a label","source":"body"}]}`,
		message:    "Invalid Request: Invalid Parameters",
		violations: []string{"labels|is_label|must be a label"},
		instance:   "kong:trace:1234567890", kinds: []string{"invalid"},
	},
	{
		name: "kinds of parameters", status: 400,
		body: `{"title":"Bad Request","invalid_parameters":[
			{"field":"name","rule":"min_length","minimum":2,"reason":"too short"},
			{"field":"name","rule":"max_length","maximum":256,"reason":"must have at most 256 characters"},
			{"field":"cluster_type","rule":"enum","choices":["A","B"],"reason":"unknown kind","source":null},
			{"field":"a.b[2].c","rule":"dependent_fields","dependents":["d","e"],"reason":"missing"},
			{"field":"x","rule":"some_new_rule","reason":"because","extra":{"a":[1]}},
			{"field":"y","rule":null,"reason":"no rule"},
			{"field":"z","rule":"required"},
			{"reason":"about the whole"},
			{"field":"nothing said"}]}`,
		message: "Bad Request",
		violations: []string{
			"name|min_length|too short (at least 2)",
			"name|max_length|must have at most 256 characters",
			"cluster_type|enum|unknown kind (one of A, B)",
			"a.b[2].c|dependent_fields|missing (depends on d, e)",
			"x|some_new_rule|because",
			"y||no rule",
			"z|required|required",
			"||about the whole",
		},
		kinds: []string{"invalid"},
	},
	{
		name: "parameters of wrong types", status: 400,
		body:       `{"title":["a"],"detail":7,"instance":{},"invalid_parameters":[null,1,"x",[],{"field":5,"reason":["r"]},{"field":["f"],"reason":"r","rule":{},"minimum":{"a":1},"choices":[{},"c"]}]}`,
		message:    "7",
		violations: []string{"||r (one of c)"},
		kinds:      []string{"invalid"},
	},
	{
		name: "parameters are one object", status: 400,
		body:       `{"detail":"wrong","invalid_parameters":{"field":"name","reason":"bad"}}`,
		message:    "wrong",
		violations: []string{"name||bad"},
		kinds:      []string{"invalid"},
	},
	{
		name: "conflict", method: "POST", status: 409,
		body:    `{"status":409,"title":"Conflict","instance":"kong:trace:1","detail":"Key (org_id, name)=(o, n) already exists."}`,
		message: "Conflict: Key (org_id, name)=(o, n) already exists.", instance: "kong:trace:1", kinds: []string{"conflict"},
	},
	{
		name: "group with members", method: "DELETE", status: 409,
		body:    `{"status":409,"title":"Conflict","detail":"control plane group has members"}`,
		message: "Conflict: control plane group has members", kinds: []string{"conflict", "in use"},
	},
	{
		name: "platform not found", status: 404,
		body:    `{"type":"https://httpstatuses.com/404","status":404,"title":"Not Found","detail":"Not found","instance":"kong:trace:2"}`,
		message: "Not Found: Not found", instance: "kong:trace:2", kinds: []string{"not found"},
	},
	{
		name: "quota", status: 403,
		body:    `{"status":403,"title":"Quota Exceeded","detail":"You have used up your control planes"}`,
		message: "Quota Exceeded: You have used up your control planes", kinds: []string{"forbidden", "quota"},
	},
	{
		name: "no detail", status: 403,
		body: `{"status":403,"title":"Forbidden"}`, message: "Forbidden", kinds: []string{"forbidden"},
	},
	{
		name: "title within detail", status: 400,
		body: `{"title":"Bad","detail":"Bad things happened"}`, message: "Bad things happened", kinds: []string{"invalid"},
	},

	// Core entities.
	{
		name: "field", status: 400,
		body: `{"code":3,"message":"validation error","details":[
			{"@type":"type.googleapis.com/kong.admin.model.v1.ErrorDetail","type":"ERROR_TYPE_FIELD","field":"config.tools[0].request_body","messages":["expected a string","second"]},
			{"type":"ERROR_TYPE_FIELD","field":"port","messages":["value should be between 0 and 65535"]}]}`,
		message: "validation error",
		violations: []string{
			"config.tools[0].request_body||expected a string",
			"config.tools[0].request_body||second",
			"port||value should be between 0 and 65535",
		},
		kinds: []string{"invalid"},
	},
	{
		name: "entity", status: 400,
		body: `{"code":3,"message":"validation error: at least one of","details":[
			{"type":"ERROR_TYPE_ENTITY","messages":["at least one of these fields must be non-empty: 'a', 'b'"]},
			{"type":"ERROR_TYPE_ENTITY","messages":["missing properties: 'host', 'config.port'"]},
			{"type":"ERROR_TYPE_FIELD","field":"config","messages":["missing properties: 'limit'"]},
			{"type":"ERROR_TYPE_ENTITY","messages":["missing properties: none that I could name"]}]}`,
		message: "validation error: at least one of",
		violations: []string{
			"@entity||at least one of these fields must be non-empty: 'a', 'b'",
			"host|required|required field missing",
			"config.port|required|required field missing",
			"config.limit|required|required field missing",
			"@entity||missing properties: none that I could name",
		},
		kinds: []string{"invalid"},
	},
	{
		name: "unique", status: 400,
		body:       `{"code":3,"message":"data constraint error","details":[{"type":"ERROR_TYPE_REFERENCE","field":"name","messages":["name (type: unique) constraint failed"]}]}`,
		message:    "data constraint error",
		violations: []string{"name|unique|name (type: unique) constraint failed"},
		kinds:      []string{"conflict", "invalid"},
	},
	{
		name: "unique in the message", status: 400,
		body:    `{"code":3,"message":"unique-plugin-per-entity (type: unique) constraint failed for value 'a': "}`,
		message: "unique-plugin-per-entity (type: unique) constraint failed for value 'a':", kinds: []string{"conflict", "invalid"},
	},
	{
		name: "code 6", status: 409, body: `{"code":"6","message":""}`,
		message: "the answer gives no reason", kinds: []string{"conflict"},
	},
	{
		name: "foreign", status: 400,
		body:       `{"code":3,"message":"data constraint error","details":[{"type":"ERROR_TYPE_REFERENCE","field":"service.id","messages":["id (type: foreign) constraint failed"]}]}`,
		message:    "data constraint error",
		violations: []string{"service.id|foreign|id (type: foreign) constraint failed"},
		kinds:      []string{"reference", "invalid"},
	},
	{
		name: "in use", method: "DELETE", status: 400,
		body:       `{"code":3,"message":"data constraint error","details":[{"type":"ERROR_TYPE_REFERENCE","messages":["constraint failed (type: foreign) as route references this value"]}]}`,
		message:    "data constraint error",
		violations: []string{"@entity||constraint failed (type: foreign) as route references this value"},
		kinds:      []string{"in use", "invalid"},
	},
	{
		name: "schema in use", method: "DELETE", status: 400,
		body:    `{"message":"plugin schema is currently in use, please delete existing plugins using the schema and try again"}`,
		message: "plugin schema is currently in use, please delete existing plugins using the schema and try again", kinds: []string{"in use", "invalid"},
	},
	{
		name: "read-only", status: 403,
		body:       `{"code":7,"message":"usage constraint error","details":[{"messages":["operation not permitted on KIC cluster"]}]}`,
		message:    "usage constraint error",
		violations: []string{"@entity||operation not permitted on KIC cluster"},
		kinds:      []string{"forbidden", "read-only"},
	},
	{
		name: "core quota", status: 403,
		body:       `{"code":7,"message":"usage constraint error","details":[{"messages":["quota of routes exceeded"]}]}`,
		message:    "usage constraint error",
		violations: []string{"@entity||quota of routes exceeded"},
		kinds:      []string{"forbidden", "quota"},
	},
	{
		name: "core not found", status: 404, body: `{"code":5,"message":"","details":[]}`,
		message: "the answer gives no reason", kinds: []string{"not found"},
	},
	{
		name: "malformed id", status: 400, body: `{"code":3,"message":"invalid id","details":null}`,
		message: "invalid id", kinds: []string{"invalid"},
	},
	{
		name: "details of wrong types", status: 400,
		body:       `{"code":"3","message":{"a":1},"details":[null,[],"x",7,{"field":{"a":1},"messages":"one text"},{"field":"n","messages":[null,7,{},""]},{"field":"m","messages":{}}]}`,
		violations: []string{"@entity||one text", "n||7"},
		kinds:      []string{"invalid"}, message: "the answer gives no reason",
	},
	{
		name: "odd paths", status: 400,
		body: `{"message":"m","details":[
			{"field":"a..b","messages":["1"]},{"field":".","messages":["2"]},{"field":"[3]","messages":["3"]},
			{"field":"a[b].c","messages":["4"]},{"field":"a[","messages":["5"]},{"field":"a[-1]","messages":["6"]},
			{"field":"a[99999999999999999999]","messages":["7"]},{"field":"a[0][1].b","messages":["8"]},
			{"field":"a]","messages":["9"]},{"field":"a[1]b","messages":["10"]},{"field":"config.headers.x-a.b","messages":["11"]},
			{"field":"a\u0000\nb","messages":["12\u001b[31m"]}]}`,
		message: "m",
		violations: []string{
			"a.b||1", "@entity||2", "[3]||3", "a[b].c||4", "a[||5", "a[-1]||6", "a[99999999999999999999]||7",
			"a[0][1].b||8", "a]||9", "a[1]b||10", "config.headers.x-a.b||11", "a b||12 [31m",
		},
		kinds: []string{"invalid"},
	},

	// Legacy, and what stands in front of the API.
	{name: "legacy", status: 409, method: "POST", body: `{"message":"plugin schema exists"}`, message: "plugin schema exists", kinds: []string{"conflict"}},
	{name: "legacy 404", status: 404, body: `{"message":"not found"}`, message: "not found", kinds: []string{"not found"}},
	{name: "gateway 401", status: 401, body: `{"message":"Unauthorized","status":401}`, message: "Unauthorized", kinds: []string{"unauthorized"}},
	{name: "wrong host", status: 404, body: `{"message":"no Route matched with those values","request_id":"abc"}`, message: "no Route matched with those values"},
	{name: "rate limit", status: 429, body: `{"message":"API rate limit exceeded"}`, message: "API rate limit exceeded"},
	{name: "admin API", status: 409, body: `{"code":5,"name":"unique constraint violation","message":"UNIQUE violation detected","fields":{"name":"x"}}`, message: "UNIQUE violation detected", kinds: []string{"conflict"}},
	{name: "oauth", status: 401, body: `{"error":"invalid_token","error_description":"expired"}`, message: "invalid_token: expired", kinds: []string{"unauthorized"}},

	// Anything else.
	{name: "empty", status: 400, body: "", message: "the answer gives no reason", kinds: []string{"invalid"}},
	{name: "empty 404", status: 404, body: " \n", message: "the answer gives no reason", kinds: []string{"not found"}},
	{name: "empty object", status: 400, body: "{}", message: "{}", kinds: []string{"invalid"}},
	{name: "null", status: 404, body: "null", message: "null"},
	{name: "not UTF-8", status: 404, body: "{\"message\":\"no a\xff\"}", message: "no a\ufffd", kinds: []string{"not found"}},
	{name: "text", status: 404, body: "404 page not found\n", message: "404 page not found"},
	{name: "string", status: 400, body: `"went wrong"`, message: `"went wrong"`, kinds: []string{"invalid"}},
	{name: "list", status: 404, body: `[{"message":"x"}]`, message: `[{"message":"x"}]`},
	{name: "cut", status: 404, body: `{"code":5,"message":"not fou`, message: `{"code":5,"message":"not fou`},
	{name: "followed", status: 404, body: `{"code":5} trailer`, message: `{"code":5} trailer`},
	{name: "nested", status: 400, body: `{"error":{"code":1,"message":"x"}}`, message: `{"error":{"code":1,"message":"x"}}`, kinds: []string{"invalid"}},
	{name: "html", status: 404, body: "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head>\n<body><h1>nginx</h1></body></html>", message: `the answer is a web page, not this API's: "404 Not Found nginx"`},
	{name: "html in small letters", status: 403, body: " <html><b>go away", message: `the answer is a web page, not this API's: "go away"`, kinds: []string{"forbidden"}},
	{name: "html without text", status: 500, body: "<html><<<<", message: `the answer is a web page, not this API's: ""`},
	{name: "control characters", status: 400, body: "a\x1b[2Jb\x00\r\n\tc\xff\xfed", message: "a [2Jb cd", kinds: []string{"invalid"}},
	{name: "unknown status", status: 799, body: `{"message":"m"}`, message: "m"},
}

func TestReadRefusal(t *testing.T) {
	t.Parallel()
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := &Error{Method: tt.method, Status: tt.status}
			readRefusal(e, []byte(tt.body), "")
			var violations, found []string
			for _, v := range e.Violations {
				violations = append(violations, written(v))
			}
			for name, kind := range kinds {
				if errors.Is(e, kind) {
					found = append(found, name)
				}
			}
			slices.Sort(found)
			slices.Sort(tt.kinds)
			got := []any{e.Message, violations, e.Instance, found}
			want := []any{tt.message, tt.violations, tt.instance, tt.kinds}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			mustSay(t, e, statusText(tt.status), tt.message)
		})
	}
}

func written(v *schema.Violation) string {
	path := v.Path.String()
	if v.Entity {
		path = "@entity"
	}
	return path + "|" + v.Rule + "|" + v.Message
}

// TestReadRefusal_status shows that some text is shown for every status.
func TestReadRefusal_status(t *testing.T) {
	t.Parallel()
	for status := 400; status < 600; status++ {
		c, mux, _ := setup(t, func(o *Options) { o.RetryBudget = -1 })
		mux.HandleFunc("/v2/a", answerJSON(status, `{"message":"some reason"}`))
		err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil)
		mustFailWith(t, err, statusText(status)+": some reason")
	}
}

func TestRefused_contentType(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	mux.HandleFunc("/v2/a", answer(404, "text/html; charset=utf-8", "<p>Not here</p>"))
	err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil)
	mustFailWith(t, err, `a web page, not this API's: "Not here"`)
	if errors.Is(err, ErrNotFound) {
		t.Error("a web page counts as not found")
	}
}

func TestRefused_token(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ token, source, want string }{
		{"kpat_secret", "KONNECT_TOKEN", "the token from KONNECT_TOKEN was refused"},
		{"kpat_secret", "", "the token was refused"},
		{"", "KONNECT_TOKEN", "no token was sent"},
	} {
		c, mux, clock := setup(t, func(o *Options) { o.Token, o.TokenSource = tt.token, tt.source })
		mux.HandleFunc("/v2/a", answerJSON(401, `{"title":"no","instance":"kpat_secret","detail":"bad token kpat_secret","invalid_parameters":[{"field":"f","reason":"kpat_secret"}]}`))
		err := c.Do(t.Context(), http.MethodGet, "/v2/a", nil, nil)
		if tt.token != "" {
			mustFailWith(t, err, "bad token (token)")
		}
		if !strings.Contains(err.Error(), tt.want) || !errors.Is(err, ErrUnauthorized) || len(clock.naps()) > 0 {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
}

func TestReadRefusal_bounds(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é ", 100_000)
	for name, body := range map[string]string{
		"text":       long,
		"html":       "<html>" + long,
		"message":    `{"message":"` + long + `"}`,
		"violations": `{"details":[{"messages":[` + strings.Repeat(`"`+long[:300]+`",`, 3000) + `"x"]}]}`,
		"deep":       strings.Repeat("[", 1_000_000),
	} {
		e := &Error{Status: 400}
		readRefusal(e, []byte(body), "")
		if n := len(e.Error()); n > 2*maxMessage*(maxViolations+3) {
			t.Errorf("%s: the message has %d bytes", name, n)
		}
	}
}

func FuzzReadRefusal(f *testing.F) {
	for _, tt := range refusals {
		f.Add(tt.status, tt.body, "application/json")
	}
	f.Fuzz(func(t *testing.T, status int, body, contentType string) {
		e := &Error{Status: status}
		readRefusal(e, []byte(body), contentType)
		if e.Message == "" && len(e.Violations) == 0 {
			t.Error("no reason is given")
		}
		if s := e.Error(); !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			t.Errorf("%q is not fit to be shown", s)
		}
		for _, v := range e.Violations {
			if v.Message == "" {
				t.Errorf("a violation at %s without a message", v.Path)
			}
			if again := pathIn(v.Path.String()); again.String() != v.Path.String() {
				t.Errorf("path %q reads back as %q", v.Path, again)
			}
		}
		if errors.Is(e, ErrNotFound) && status != http.StatusNotFound {
			t.Errorf("status %d counts as not found", status)
		}
	})
}
