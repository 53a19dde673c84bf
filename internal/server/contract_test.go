package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// Every answer to every row of testdata is one that the server's own
// description allows, and Konnect's: the status, the content type, each field
// and its type, and no field besides. What Konnect's description leaves out,
// mostly errors, is in [beyond].
func TestServer_contract(t *testing.T) {
	t.Parallel()
	contracts := []*contract{ownContract(t), konnectContract(t)}
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	var ran atomic.Int32
	t.Run("rows", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
				t.Parallel()
				ran.Add(1)
				handler := newServer(t, server.Options{})
				for _, c := range contracts {
					handler = c.checking(t, handler)
				}
				s := &session{handler: handler, vars: pemFiles(t)}
				s.createControlPlane(t)
				for _, r := range readRows(t, file) {
					s.run(t, r)
				}
			})
		}
	})
	for _, c := range contracts {
		c.report(t)
		if int(ran.Load()) == len(files) && (c.judged < c.atLeast || len(c.succeeded) < c.working) {
			t.Errorf("%s: fewer answers are judged by it than %d, or fewer operations succeed than %d", c.name, c.atLeast, c.working)
		}
	}
}

// An answer that is altered in one place breaks both contracts.
func TestServer_contractBroken(t *testing.T) {
	t.Parallel()
	contracts := []*contract{ownContract(t), konnectContract(t)}
	sound := newServer(t, server.Options{})
	s := &session{handler: sound, vars: map[string]string{}}
	s.createControlPlane(t)
	path := s.vars["cp"]
	for name, alter := range map[string]func(*httptest.ResponseRecorder){
		"a status":       func(rec *httptest.ResponseRecorder) { rec.Code = http.StatusAccepted },
		"a content type": func(rec *httptest.ResponseRecorder) { rec.Header().Set("Content-Type", "text/html") },
		"no JSON":        func(rec *httptest.ResponseRecorder) { rec.Body.WriteString("}") },
		"a member more":  altered(t, func(doc map[string]any) { doc["colour"] = "red" }),
		"a member less":  altered(t, func(doc map[string]any) { delete(doc, "config") }),
		"a type":         altered(t, func(doc map[string]any) { doc["name"] = 5 }),
		"an enumeration": altered(t, func(doc map[string]any) { doc["config"].(map[string]any)["cluster_type"] = "round" }),
		"a null":         altered(t, func(doc map[string]any) { doc["id"] = nil }),
	} {
		for _, c := range contracts {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			rec := httptest.NewRecorder()
			sound.ServeHTTP(rec, r)
			if err := c.check(r, rec); err != nil || rec.Code != http.StatusOK {
				t.Fatalf("%s: unaltered: %d %v", c.name, rec.Code, err)
			}
			if alter(rec); c.check(r, rec) == nil {
				t.Errorf("%s: %s: nothing is wrong with %d %s", c.name, name, rec.Code, rec.Body)
			}
		}
	}
}

// altered changes the object of an answer.
func altered(t *testing.T, change func(map[string]any)) func(*httptest.ResponseRecorder) {
	return func(rec *httptest.ResponseRecorder) {
		var doc map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		change(doc)
		rec.Body.Reset()
		if err := json.NewEncoder(rec.Body).Encode(doc); err != nil {
			t.Fatal(err)
		}
	}
}

// The description is valid, tells of all that Konnect's does, and of exactly
// what is served: every method of its paths, and no other.
func TestServer_description(t *testing.T) {
	t.Parallel()
	own := ownContract(t)
	h := newServer(t, server.Options{})
	for _, o := range konnectContract(t).operations {
		method, path, _ := strings.Cut(o.name, " ")
		if _, found := own.find(method, segments(path)); !found {
			t.Errorf("%s is in Konnect's description only", o.name)
		}
	}
	for _, o := range own.operations {
		method, path, _ := strings.Cut(o.name, " ")
		path = wildcards.ReplaceAllString(path, "8d9f9a52-0b0e-4f0c-9d52-6a6b7ee0a001")
		for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), m, path, nil))
			_, described := own.find(m, segments(path))
			if served := rec.Code != http.StatusMethodNotAllowed; served != described {
				t.Errorf("%s %s (of %s): status %d, described: %v", m, path, method, rec.Code, described)
			}
		}
	}
}

var wildcards = regexp.MustCompile(`\{\w+\}`)

// contract judges answers by a description.
type contract struct {
	name       string
	complete   bool // what it does not say does not happen
	operations []operation

	// The rows make it judge so many answers, and so many operations succeed.
	atLeast, working int

	mu                sync.Mutex
	succeeded         map[string]bool // names of operations
	judged, undefined int
}

// operation is a method of a path.
type operation struct {
	name      string // "GET /v2/control-planes"
	segments  []string
	responses *openapi3.Responses
}

// konnectContract is what Konnect's description says of answers, as the command
// in the folder contract wrote it down.
func konnectContract(t testing.TB) *contract {
	t.Helper()
	data, err := os.ReadFile("testdata/konnect.json")
	if err != nil {
		t.Fatal(err)
	}
	var held struct {
		Operations map[string]map[string]map[string]*openapi3.SchemaRef
		Shapes     openapi3.Schemas
	}
	data = bytes.ReplaceAll(data, []byte(`"$ref":"`), []byte(`"$ref":"#/components/schemas/`))
	if err := json.Unmarshal(data, &held); err != nil {
		t.Fatal(err)
	}
	doc := &openapi3.T{OpenAPI: "3.0.3", Paths: openapi3.NewPaths(), Components: &openapi3.Components{Schemas: held.Shapes}}
	for name, answers := range held.Operations {
		o := &openapi3.Operation{Responses: openapi3.NewResponsesWithCapacity(len(answers))}
		for status, kinds := range answers {
			r := &openapi3.Response{Content: openapi3.Content{}}
			for kind, shape := range kinds {
				r.Content[kind] = &openapi3.MediaType{Schema: shape}
			}
			o.Responses.Set(status, &openapi3.ResponseRef{Value: r})
		}
		method, path, _ := strings.Cut(name, " ")
		doc.AddOperation(path, method, o)
	}
	if err := openapi3.NewLoader().ResolveRefsIn(doc, nil); err != nil {
		t.Fatal(err)
	}
	c := newContract("Konnect's description", doc)
	c.atLeast, c.working = 1020, 255
	return c
}

// ownContract is the description that the server gives of itself.
func ownContract(t testing.TB) *contract {
	t.Helper()
	s := &session{handler: newServer(t, server.Options{})}
	rec := s.send(t, http.MethodGet, "/openapi.json", "")
	doc, err := openapi3.NewLoader().LoadFromData(rec.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatalf("the server's own description: %v", err)
	}
	c := newContract("the own description", doc)
	c.complete, c.atLeast, c.working = true, 1490, 268
	return c
}

func newContract(name string, doc *openapi3.T) *contract {
	c := &contract{name: name, succeeded: map[string]bool{}}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			c.operations = append(c.operations, operation{method + " " + path, segments(path), o.Responses})
		}
	}
	return c
}

func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// find returns the operation that a request is for. Literal segments win over
// parameters.
func (c *contract) find(wantedMethod string, wanted []string) (best operation, found bool) {
	most := -1
	for _, o := range c.operations {
		if method, _, _ := strings.Cut(o.name, " "); method != wantedMethod || len(o.segments) != len(wanted) {
			continue
		}
		literal := 0
		for i, s := range o.segments {
			switch {
			case s == wanted[i]:
				literal++
			case !strings.HasPrefix(s, "{"):
				literal = -len(wanted)
			}
		}
		if literal >= 0 && literal > most {
			best, most = o, literal
		}
	}
	return best, most >= 0
}

// checking is a handler that holds another to the contract.
func (c *contract) checking(t testing.TB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		if err := c.check(r, rec); err != nil {
			t.Errorf("%s: %s %s: %d %s\n%v", c.name, r.Method, r.URL, rec.Code, rec.Body, err)
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

func (c *contract) check(r *http.Request, rec *httptest.ResponseRecorder) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	o, known := c.find(method, segments(r.URL.EscapedPath()))
	known = known && (c.complete || !clientPaths.MatchString(r.URL.Path)) // where services/search would be a service
	var described *openapi3.ResponseRef
	if known {
		described = o.responses.Status(rec.Code)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known && rec.Code < 300 {
		c.succeeded[o.name] = true
	}
	if described == nil {
		c.undefined++
		if known && c.complete && rec.Code != http.StatusMethodNotAllowed {
			return fmt.Errorf("the status is not in the description")
		}
		return beyond(method, r.URL.Path, rec)
	}
	c.judged++
	return judge(described.Value, rec)
}

// judge holds an answer to its description. Errors without content leave it to
// the dialect what they hold.
func judge(described *openapi3.Response, rec *httptest.ResponseRecorder) error {
	if len(described.Content) == 0 {
		if rec.Code < 300 && rec.Body.Len() > 0 {
			return fmt.Errorf("nothing is described")
		}
		return nil
	}
	kind := rec.Header().Get("Content-Type")
	media := described.Content.Get(kind)
	if media == nil {
		return fmt.Errorf("the content type %s is not described", kind)
	}
	var body any
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || media.Schema == nil {
		return err
	}
	return plain(media.Schema.Value.VisitJSON(body, openapi3.VisitAsResponse(), openapi3.MultiErrors()))
}

// plain leaves out of errors what fills pages: the schema and the value.
func plain(err error) error {
	var all openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case errors.As(err, &all):
		var out []error
		for _, e := range all {
			out = append(out, plain(e))
		}
		return errors.Join(out...)
	case errors.As(err, &one):
		return fmt.Errorf("%s: %s", strings.Join(one.JSONPointer(), "."), one.Reason)
	}
	return err
}

// clientPaths are paths that Kong's clients ask for and no description has.
var clientPaths = regexp.MustCompile(`^/konnect-api/api/runtime_groups$|` +
	`/core-entities/(schemas/[\w-]+|v1/schemas/json/[\w-]+|v1/available-plugins|\w+/search|cloned-plugins(/[\w-]+)?)$|/schemas/core-entities/plugins/[\w-]+$` +
	`|/degraphql(_|/)routes\b|/graphql-rate-limiting-advanced/costs\b`)

// ownPaths are endpoints that Konnect's description does not have.
var ownPaths = []string{"/healthz", "/readyz", "/openapi.json", "/v2/organizations/me", "/v3/organizations/me"}

// errorMembers are the members that errors of each dialect have.
var errorMembers = map[string][]string{
	"core":     {"code", "message", "details"},
	"legacy":   {"message"},
	"platform": {"status", "title", "instance", "detail"},
}

// beyond judges answers that the description leaves out though Konnect must
// give them: it states no 400 for core entities, and hardly any 404 and 409.
func beyond(method, path string, rec *httptest.ResponseRecorder) error {
	dialect := "platform"
	switch {
	case slices.Contains(ownPaths, path), rec.Code < 300 && clientPaths.MatchString(path):
		return nil
	case strings.HasSuffix(path, "/core-entities/plugin-schemas") && method == http.MethodGet: // the list fails as the platform does
	case strings.Contains(path, "/core-entities/plugin-schemas"), strings.Contains(path, "/dp-client-certificates"):
		dialect = "legacy"
	case strings.Contains(path, "/core-entities"):
		dialect = "core"
	}
	if !slices.Contains([]int{400, 401, 403, 404, 405, 409, 413, 415}, rec.Code) {
		return fmt.Errorf("the status is not in the description")
	}
	var body map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
		return err
	}
	for _, name := range errorMembers[dialect] {
		if _, ok := body[name]; !ok {
			return fmt.Errorf("an error of the dialect %s has a member %s", dialect, name)
		}
	}
	return nil
}

// report says how much of the description was seen to work.
func (c *contract) report(t *testing.T) {
	t.Helper()
	t.Logf("%s: %d of %d operations succeeded at least once; %d answers judged by the description, %d by the dialect alone",
		c.name, len(c.succeeded), len(c.operations), c.judged, c.undefined)
	var left []string
	for _, o := range c.operations {
		if !c.succeeded[o.name] {
			left = append(left, o.name)
		}
	}
	slices.Sort(left)
	t.Logf("%s, without a success:\n%s", c.name, strings.Join(left, "\n"))
}
