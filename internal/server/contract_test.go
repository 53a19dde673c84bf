package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/openkonnect/terraform-provider-konnect/internal/server"
)

// description is Konnect's OpenAPI description, where it lies beside the
// project.
const description = "../../../shared/api/konnect.yaml"

// Every answer to every row of testdata is one that Konnect's description
// allows: the status, the content type, each field and its type, and no field
// besides. What the description leaves out, mostly errors, is in [beyond].
func TestServer_contract(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	t.Run("rows", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".jsonl"), func(t *testing.T) {
				t.Parallel()
				s := &session{handler: c.checking(t, newServer(t, server.Options{})), vars: pemFiles(t)}
				s.createControlPlane(t)
				for _, r := range readRows(t, file) {
					s.run(t, r)
				}
			})
		}
	})
	c.report(t)
}

// contract judges answers by a description.
type contract struct {
	operations []operation

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

func readContract(t *testing.T) *contract {
	t.Helper()
	data, err := os.ReadFile(description)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there: answers are not compared with Konnect's description", description)
	}
	if err != nil {
		t.Fatal(err)
	}
	// It calls itself 3.1 and says nullable, as 3.0 does: read as 3.1, a null
	// would be wrong wherever it is allowed.
	data = bytes.Replace(data, []byte("openapi: 3.1.0"), []byte("openapi: 3.0.3"), 1)
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[*openapi3.Schema]bool{}
	for _, s := range doc.Components.Schemas {
		for _, part := range s.Value.AllOf {
			parts[part.Value] = true
		}
	}
	for name, s := range doc.Components.Schemas {
		// The parameter list_consumers adds a member that is described nowhere.
		if !parts[s.Value] && name != "ConsumerGroupInsideWrapper" {
			closed(s.Value)
		}
	}
	c := &contract{succeeded: map[string]bool{}}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			c.operations = append(c.operations, operation{method + " " + path, segments(path), o.Responses})
		}
	}
	return c
}

// closed makes a schema refuse members that it does not name, where it says
// nothing about them. One that is a part of others cannot know.
func closed(s *openapi3.Schema) {
	if len(s.Properties) > 0 && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil && len(s.AllOf) == 0 {
		s.AdditionalProperties.Has = new(bool)
	}
}

func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// find returns the operation that a request is for. Literal segments win over
// parameters.
func (c *contract) find(r *http.Request) (best operation, found bool) {
	wanted := segments(r.URL.EscapedPath())
	most := -1
	for _, o := range c.operations {
		if method, _, _ := strings.Cut(o.name, " "); method != r.Method || len(o.segments) != len(wanted) {
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
func (c *contract) checking(t *testing.T, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		if err := c.check(r, rec); err != nil {
			t.Errorf("%s %s: %d %s\n%v", r.Method, r.URL, rec.Code, rec.Body, err)
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
}

func (c *contract) check(r *http.Request, rec *httptest.ResponseRecorder) error {
	o, known := c.find(r)
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
		return beyond(r.URL.Path, rec)
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

// errorMembers are the members that errors of each dialect have.
var errorMembers = map[string][]string{
	"core":     {"code", "message", "details"},
	"legacy":   {"message"},
	"platform": {"status", "title", "instance", "detail"},
}

// beyond judges answers that the description leaves out though Konnect must
// give them: it states no 400 for core entities, and hardly any 404 and 409.
func beyond(path string, rec *httptest.ResponseRecorder) error {
	dialect := "platform"
	switch {
	case path == "/healthz":
		return nil
	case strings.HasSuffix(path, "/plugin-schemas"): // the list fails as the platform does
	case strings.Contains(path, "/plugin-schemas"), strings.Contains(path, "/dp-client-certificates"):
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
	t.Logf("%d of %d operations succeeded at least once; %d answers judged by the description, %d by the dialect alone",
		len(c.succeeded), len(c.operations), c.judged, c.undefined)
	var left []string
	for _, o := range c.operations {
		if !c.succeeded[o.name] {
			left = append(left, o.name)
		}
	}
	slices.Sort(left)
	t.Logf("without a success:\n%s", strings.Join(left, "\n"))
}
