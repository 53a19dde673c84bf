package dump_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/dump"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/pgtest"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/server"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// roleVariable makes the test binary load what it reads into the database of
// that name, as a process that the test can kill.
const roleVariable = "KONNECT_TEST_DUMP_INTO"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(roleVariable); dsn != "" {
		s, err := store.Open(context.Background(), dsn, entity.Types())
		if err == nil {
			_, err = dump.Read(context.Background(), s, os.Stdin)
		}
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func sqliteFile(t testing.TB) string { return filepath.Join(t.TempDir(), "konnect.db") }

// open opens a database until the test ends.
func open(t testing.TB, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, entity.Types())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func write(t testing.TB, s *store.Store) (string, dump.Summary) {
	t.Helper()
	var b bytes.Buffer
	sum, err := dump.Write(t.Context(), s, &b)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), sum
}

// world is a database with everything that the server's own tests ask for, and
// the questions that they put.
type world struct {
	dsn       string
	questions []string // paths to GET
}

// newWorld sends the requests of the server's tests, all but deletions, each
// file's to a control plane of its own.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{dsn: sqliteFile(t)}
	s := open(t, w.dsn)
	files, err := filepath.Glob("../server/testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no requests: %v", err)
	}
	for _, file := range files {
		w.play(t, handler(s), file)
	}
	fillUp(t, s)
	return w
}

// handler serves a database at a time that stands still.
func handler(s *store.Store) http.Handler {
	return server.New(server.Options{
		Store:   s,
		Bundled: plugins.Bundled(entity.Plugin.Schema(), entity.Schemas),
		Now:     func() time.Time { return time.Date(2026, 7, 1, 12, 30, 45, 678_000_000, time.UTC) },
	})
}

// continues tells questions that continue a list: positions in lists belong to
// the database that gave them.
func continues(path string) bool {
	path = strings.NewReplacer("%5B", "[", "%5D", "]").Replace(path)
	return strings.Contains(path, "offset=") || strings.Contains(path, "[after]") || strings.Contains(path, "[before]")
}

// request is what matters here of a row of the server's tests.
type request struct {
	Do   string            `json:"do"`
	Body json.RawMessage   `json:"body"`
	Save map[string]string `json:"save"`
}

func (w *world) play(t *testing.T, h http.Handler, file string) {
	t.Helper()
	vars := pemFiles(t)
	expand := func(text string) string {
		for name, value := range vars {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		return text
	}
	send := func(r request) {
		method, path, _ := strings.Cut(expand(r.Do), " ")
		switch method {
		case http.MethodDelete:
			return
		case http.MethodGet:
			if !continues(path) {
				w.questions = append(w.questions, path)
			}
		}
		rec := ask(t, h, method, path, expand(string(r.Body)))
		var answer map[string]any
		_ = json.Unmarshal(rec.Body.Bytes(), &answer) // some have no body
		for name, member := range r.Save {
			if text, ok := field(answer, member).(string); ok {
				vars[name] = text
			}
		}
	}
	name := filepath.Base(file)
	send(request{Do: "POST /v2/control-planes", Body: json.RawMessage(`{"name":"` + name + `"}`), Save: map[string]string{"cp_id": "id"}})
	vars["cp"] = "/v2/control-planes/" + vars["cp_id"]
	vars["core"] = vars["cp"] + "/core-entities"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "{") {
			continue
		}
		var r request
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		send(r)
	}
}

func field(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

func pemFiles(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../server/testdata/pem/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no PEM files: %v", err)
	}
	vars := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		vars[filepath.Base(file)] = strings.ReplaceAll(string(text), "\n", `\n`)
	}
	return vars
}

func ask(t *testing.T, h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

// fillUp adds a document of each type that no request has made, whatever types
// the table comes to have.
func fillUp(t *testing.T, s *store.Store) {
	t.Helper()
	_, sum := write(t, s)
	plane := map[string]any{"id": uuid.NewString(), "name": "filled"}
	ids := map[string]string{}
	for _, typ := range entity.Types() {
		if typ == entity.ControlPlane {
			if err := s.Insert(t.Context(), typ, "", plane); err != nil {
				t.Fatal(err)
			}
			ids[typ.Name] = plane["id"].(string)
			continue
		}
		if sum.Types[typ.Name] > 0 {
			continue
		}
		scope := ""
		for p := typ.Parent; p != nil; p = p.Parent {
			scope = ids[p.Name]
		}
		doc := map[string]any{"name": typ.Name, "digest": typ.Name}
		doc[typ.ID] = uuid.NewString()
		if err := s.Insert(t.Context(), typ, scope, doc); err != nil {
			t.Fatalf("%s: %v", typ.Name, err)
		}
	}
}

func (w *world) answers(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	h := handler(s)
	answers := map[string]string{}
	for _, path := range w.questions {
		rec := ask(t, h, http.MethodGet, path, "")
		answers[path] = fmt.Sprint(rec.Code, " ", withoutCursor(rec.Body.String()))
	}
	return answers
}

// withoutCursor drops what continues a list in one database only, and the
// name of an answer.
func withoutCursor(body string) string {
	var v any
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return body
	}
	if m, ok := v.(map[string]any); ok {
		for _, name := range []string{"next", "offset", "instance", "trace_id", "meta", "page"} {
			delete(m, name)
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return body
	}
	return string(text)
}

// TestRoundTrip moves a database with documents of every type to PostgreSQL
// and back.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from := open(t, w.dsn)
	first, sum := write(t, from)
	for _, typ := range entity.Types() {
		if sum.Types[typ.Name] == 0 {
			t.Errorf("no document of type %s", typ.Name)
		}
	}
	want := w.answers(t, from)
	if len(want) < 100 {
		t.Errorf("only %d questions", len(want))
	}
	before := first
	for _, next := range []struct {
		name  string
		fresh func(testing.TB) string
	}{{"postgres", pgtest.New}, {"sqlite", sqliteFile}} {
		ok := t.Run(next.name, func(t *testing.T) {
			s := open(t, next.fresh(t))
			read, err := dump.Read(t.Context(), s, strings.NewReader(before))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sum, read); diff != "" {
				t.Error(diff)
			}
			after, _ := write(t, s)
			if diff := cmp.Diff(strings.Split(first, "\n"), strings.Split(after, "\n")); diff != "" {
				t.Errorf("another dump than before: %s", diff)
			}
			if diff := cmp.Diff(want, w.answers(t, s)); diff != "" {
				t.Errorf("other answers than before: %s", diff)
			}
			before = after
		})
		if !ok {
			return
		}
	}
}

// TestWrite_empty pins the format down.
func TestWrite_empty(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	text, _ := write(t, s)
	want := `{"format":"openkonnect-dump","version":1}
{"end":{"documents":0,"types":{}},"sha256":"9457b7757ad56bd0a07819d9bed1c044b6c4371420255e516e1ec744146d2b4f"}
`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
	if _, err := dump.Read(t.Context(), s, strings.NewReader(text)); err != nil {
		t.Error(err)
	}
}

// small is a dump of a few lines.
func small(t testing.TB) string {
	t.Helper()
	s := open(t, sqliteFile(t))
	plane := uuid.NewString()
	for _, d := range []struct {
		typ   *entity.Type
		scope string
		doc   map[string]any
	}{
		{entity.ControlPlane, "", map[string]any{"id": plane, "name": "one"}},
		{entity.Service, plane, map[string]any{"id": uuid.NewString(), "name": "a", "host": "ä.example", "n": json.Number("1.50")}},
		{entity.ConfigStore, plane, map[string]any{"id": uuid.NewString(), "name": "<secrets>"}},
	} {
		if err := s.Insert(t.Context(), d.typ, d.scope, d.doc); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := write(t, s)
	return text
}

// TestRead_damaged changes a dump in every way that files change in.
func TestRead_damaged(t *testing.T) {
	t.Parallel()
	text := small(t)
	lines := strings.SplitAfter(text, "\n")
	replace := func(old, with string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("the dump has no %q", old)
		}
		return strings.Replace(text, old, with, 1)
	}
	s := open(t, sqliteFile(t))
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "line 1: the dump was cut off"},
		{"header only", lines[0], "line 2: the dump was cut off"},
		{"without the end", strings.Join(lines[:4], ""), "line 5: the dump was cut off"},
		{"half a line", text[:len(lines[0])+20], "line 2: the dump was cut off"},
		{"half the last line", text[:len(text)-10], "line 5: the dump was cut off"},
		{"no line break at the end", text[:len(text)-1], "line 5: the dump was cut off"},
		{"something else", "id,name\n", "line 1: this is no dump"},
		{"other JSON", "{}\n", "line 1: this is no dump"},
		{"newer", replace(`"version":1`, `"version":2`), "line 1: a newer version of this program wrote the dump, in format 2; this one reads formats up to 1"},
		{"version 0", replace(`"version":1`, `"version":0`), "line 1: there is no format 0"},
		{"version is no number", replace(`"version":1`, `"version":"1"`), "line 1: this is no dump"},
		{"two headers", lines[0] + text, `line 2: damaged: json: unknown field "format"`},
		{"a line missing", lines[0] + lines[1] + lines[3] + lines[4], "line 4: 3 documents were written, and 2 are here"},
		{"a line twice", lines[0] + lines[1] + lines[2] + lines[2] + lines[3] + lines[4], "line 6: 3 documents were written, and 4 are here"},
		{"lines swapped", lines[0] + lines[1] + lines[3] + lines[2] + lines[4], "line 5: the digest does not fit"},
		{"owner last", lines[0] + lines[2] + lines[1] + lines[3] + lines[4], "line 2: control_plane"},
		{"a byte changed", replace(`"host":"ä.example"`, `"host":"ö.example"`), "line 5: the digest does not fit"},
		{"a blank added", replace(`"type":"services"`, `"type": "services"`), "line 5: the digest does not fit"},
		{"carriage returns", strings.ReplaceAll(text, "\n", "\r\n"), "line 5: the digest does not fit"},
		{"an empty line", lines[0] + "\n" + strings.Join(lines[1:], ""), "line 2: damaged: EOF"},
		{"broken JSON", replace(`"type":"services"`, `"type":"services`), "line 3: damaged: invalid character"},
		{"two values", replace(`}`+"\n"+`{"type":"services"`, `}{}`+"\n"+`{"type":"services"`), "line 2: damaged: more than one JSON value"},
		{"not UTF-8", replace("ä", "\xe4"), "line 3: damaged: text that is not UTF-8"},
		{"NUL bytes", replace("ä.example", "\x00\x00\x00"), "line 3: damaged: invalid character"},
		{"unknown member", replace(`"type":"services"`, `"typ":"services"`), `line 3: damaged: json: unknown field "typ"`},
		{"unknown type", replace(`"type":"services"`, `"type":"gadgets"`), `line 3: the type "gadgets" is not known`},
		{"no document", replace(`"type":"services"`, `"type":""`), "line 3: neither a document"},
		{"document and end", replace(`"type":"services"`, `"end":{},"type":"services"`), "line 3: both a document and the last line"},
		{"no id", replace(`"host":"ä.example","id"`, `"host":"ä.example","x"`), "line 3: services: id must be a text"},
		{"id twice", replace(`"name":"a"`, `"id":null`), `line 3: decode stored document: key "id" is given twice`},
		{"more after the end", text + "x", "line 6: nothing may follow the last line"},
		{"twice", text + text, "line 6: nothing may follow the last line"},
		{"deep", replace(`"name":"a"`, `"name":`+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)), "line 3: damaged: invalid character '[' exceeded max depth"},
	} {
		sum, err := dump.Read(t.Context(), s, strings.NewReader(tt.text))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || sum.Documents != 0 {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
		if wrong := (*dump.LineError)(nil); !errors.As(err, &wrong) {
			t.Errorf("%s: %T names no line", tt.name, err)
		}
		if _, sum := write(t, s); sum.Documents > 0 {
			t.Fatalf("%s: %d documents stayed", tt.name, sum.Documents)
		}
	}
	if _, err := dump.Read(t.Context(), s, strings.NewReader(text)); err != nil {
		t.Errorf("undamaged: %v", err)
	}
}

// TestRead_everyCut cuts a dump after each byte.
func TestRead_everyCut(t *testing.T) {
	t.Parallel()
	text := small(t)
	s := open(t, sqliteFile(t))
	for n := range len(text) {
		if _, err := dump.Read(t.Context(), s, strings.NewReader(text[:n])); err == nil {
			t.Fatalf("%d of %d bytes are taken for all", n, len(text))
		}
	}
	if _, sum := write(t, s); sum.Documents > 0 {
		t.Errorf("%d documents stayed", sum.Documents)
	}
}

func TestRead_tooLong(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	endless := io.MultiReader(strings.NewReader(`{"format":"openkonnect-dump","version":1}`+"\n"), zeros{})
	if _, err := dump.Read(t.Context(), s, endless); err == nil || err.Error() != "line 2: longer than 64 MiB" {
		t.Errorf("got %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// TestRead_notEmpty also says so before it waits for what to read.
func TestRead_notEmpty(t *testing.T) {
	t.Parallel()
	text := small(t)
	s := open(t, sqliteFile(t))
	for i, want := range []error{nil, store.ErrNotEmpty} {
		if _, err := dump.Read(t.Context(), s, strings.NewReader(text)); !errors.Is(err, want) {
			t.Errorf("%d: got %v, want %v", i, err, want)
		}
	}
	if after, _ := write(t, s); after != text {
		t.Errorf("got %s", after)
	}
	if _, err := dump.Read(t.Context(), s, failing{errors.New("read all the same")}); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("got %v", err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	if _, err := dump.Read(t.Context(), s, strings.NewReader(small(t))); err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left")
	if _, err := dump.Write(t.Context(), s, failing{full}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if _, err := dump.Read(t.Context(), open(t, sqliteFile(t)), failing{full}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestRead_killed kills a process in the middle of reading. What it has been
// given by then is far more than pipes and buffers hold.
func TestRead_killed(t *testing.T) {
	for name, fresh := range map[string]func(testing.TB) string{"sqlite": sqliteFile, "postgres": pgtest.New} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := fresh(t)
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), roleVariable+"="+dsn)
			var said bytes.Buffer
			cmd.Stderr = &said
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			to := bufio.NewWriter(stdin)
			fmt.Fprintln(to, `{"format":"openkonnect-dump","version":1}`)
			for i := range 20_000 {
				fmt.Fprintf(to, `{"type":"realms","doc":{"id":"%d","name":%q}}`+"\n", i, strings.Repeat("x", 100))
			}
			if err := to.Flush(); err != nil {
				t.Fatalf("%v: %s", err, said.String())
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // killed
			s := open(t, dsn)
			if _, sum := write(t, s); sum.Documents > 0 {
				t.Errorf("%d documents stayed", sum.Documents)
			}
			if _, err := dump.Read(t.Context(), s, strings.NewReader(small(t))); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// FuzzRead reads anything: it ends, leaves nothing behind unless it succeeds,
// and what it took it writes again.
func FuzzRead(f *testing.F) {
	text := small(f)
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add(strings.Replace(text, "services", "routes", 1))
	f.Add(`{"format":"openkonnect-dump","version":1}` + "\n" + `{"end":{}}` + "\n")
	var s *store.Store // empty, and as good for the next text unless one is taken
	renew := func(t testing.TB) {
		if s != nil {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		var err error
		if s, err = store.Open(context.Background(), ":memory:", entity.Types()); err != nil {
			t.Fatal(err)
		}
	}
	renew(f)
	f.Fuzz(func(t *testing.T, text string) {
		sum, err := dump.Read(t.Context(), s, strings.NewReader(text))
		after, left := write(t, s)
		if err != nil {
			if left.Documents > 0 {
				t.Errorf("refused, but %d documents stayed: %v", left.Documents, err)
			}
			return
		}
		if left.Documents != sum.Documents {
			t.Errorf("read %d documents, wrote %d", sum.Documents, left.Documents)
		}
		renew(t)
		if _, err := dump.Read(t.Context(), s, strings.NewReader(after)); err != nil {
			t.Errorf("its own dump is refused: %v", err)
		}
		renew(t)
	})
}

// TestDocuments reads how many there are from the end of a file, and never
// takes anything else for that.
func TestDocuments(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, "\n": 0, "x": 0, "{\"type\":\"services\"}\n": 0, "a\n{\"end\":{\"documents\":7}}\n": 7, "{\"end\":{\"documents\":7}}": 7,
		strings.Repeat("a", 100<<10) + "\n{\"end\":{\"documents\":3},\"sha256\":\"x\"}\n": 3, "{\"end\":{\"documents\":7}}\ncut": 0,
	} {
		r := strings.NewReader(text)
		got, err := dump.Documents(r)
		if err != nil || got != want || r.Len() != len(text) {
			t.Errorf("%d, %v, with %d left", got, err, r.Len())
		}
	}
}
