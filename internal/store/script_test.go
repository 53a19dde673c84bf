package store_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// A script is a sequence of calls and what each must answer:
//
//	scope ID                   work in this scope from now on
//	insert TYPE JSON -> ANSWER
//	put TYPE KEY JSON -> ANSWER    old values are shown in the answer
//	get TYPE KEY -> ANSWER
//	delete TYPE KEY -> ANSWER
//	list TYPE QUERY -> ANSWER      names, then next, previous and total if any
//
// #name stands for a UUID of that name. An answer is ok, JSON, or an error in
// a few words. AFTER and BEFORE in a query are the last cursors seen.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			onEach(t, func(t *testing.T, dsn string) {
				runScript(t, open(t, dsn), file)
			})
		})
	}
}

// script is a running script.
type script struct {
	t        *testing.T
	store    *store.Store
	scope    string
	next     string
	previous string
}

func runScript(t *testing.T, s *store.Store, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	run := &script{t: t, store: s}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		call, want, _ := strings.Cut(line, " -> ")
		if got := run.call(call); got != shorthand.expand(strings.TrimSpace(want)) {
			t.Errorf("%s:%d: %s\n got: %s\nwant: %s", file, number, call, shorthand.shorten(got), want)
		}
	}
}

func (r *script) call(line string) string {
	verb, rest, _ := strings.Cut(shorthand.expand(line), " ")
	if verb == "scope" {
		r.scope = strings.ReplaceAll(strings.Trim(rest, `"`), `\u0000`, "\x00")
		return ""
	}
	name, rest, _ := strings.Cut(rest, " ")
	typ := types.Named(name)
	if typ == nil {
		r.t.Fatalf("no type %q in: %s", name, line)
	}
	ctx := r.t.Context()
	switch verb {
	case "insert":
		return answer(nil, r.store.Insert(ctx, typ, r.scope, parse(r.t, rest)))
	case "put":
		key, body, _ := strings.Cut(rest, " ")
		return r.put(typ, key, parse(r.t, body))
	case "get":
		doc, err := r.store.Get(ctx, typ, r.scope, rest)
		return answer(doc, err)
	case "delete":
		return answer(nil, r.store.Delete(ctx, typ, r.scope, rest))
	case "list":
		return r.list(typ, rest)
	}
	r.t.Fatalf("no verb %q in: %s", verb, line)
	return ""
}

// put answers with the old document, so that scripts see what change saw.
func (r *script) put(typ *entity.Type, key string, doc map[string]any) string {
	var seen map[string]any
	_, err := r.store.Put(r.t.Context(), typ, r.scope, key, func(old map[string]any) (map[string]any, error) {
		seen = old
		return doc, nil
	})
	return answer(seen, err)
}

func (r *script) list(typ *entity.Type, text string) string {
	text = strings.NewReplacer("AFTER", r.next, "BEFORE", r.previous).Replace(text)
	var q store.Query
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q); err != nil {
		r.t.Fatalf("%s: %v", text, err)
	}
	page, err := r.store.List(r.t.Context(), typ, r.scope, q)
	if err != nil {
		return answer(nil, err)
	}
	var words []string
	for _, doc := range page.Docs {
		for _, label := range []string{"name", "username", "target", "id"} {
			if s, ok := doc[label].(string); ok {
				words = append(words, s)
				break
			}
		}
	}
	if r.previous = page.Previous; r.previous != "" {
		words = append(words, "previous")
	}
	if r.next = page.Next; r.next != "" {
		words = append(words, "next")
	}
	if page.Total > 0 {
		words = append(words, fmt.Sprint(page.Total))
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, " ")
}

// answer renders an outcome in the words of a script.
func answer(doc map[string]any, err error) string {
	var taken *store.UniqueError
	var missing *store.ReferenceError
	var used *store.InUseError
	switch {
	case err == nil && doc == nil:
		return "ok"
	case err == nil:
		return marshal(doc)
	case errors.As(err, &taken):
		return fmt.Sprintf("unique %s (%s)", taken.Index, strings.Join(taken.Fields, " "))
	case errors.As(err, &missing):
		return fmt.Sprintf("missing %s: %s %q", missing.Field, missing.Target, missing.ID)
	case errors.As(err, &used):
		return "in use by " + used.By
	case errors.Is(err, store.ErrNotFound):
		return "not found"
	case errors.Is(err, store.ErrBadCursor):
		return "bad cursor"
	}
	return "error: " + err.Error()
}

func marshal(doc map[string]any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}

func parse(t testing.TB, text string) map[string]any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var doc map[string]any
	if err := dec.Decode(&doc); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return doc
}

// id is the UUID that #name stands for.
func id(name string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String()
}

// shorthands remembers which names stand for which UUIDs.
type shorthands struct{ pattern *regexp.Regexp }

var shorthand = shorthands{regexp.MustCompile(`#[a-z0-9]+`)}

func (s shorthands) expand(text string) string {
	return s.pattern.ReplaceAllStringFunc(text, func(name string) string { return id(name[1:]) })
}

// shorten is for messages: it knows the names that scripts use most.
func (s shorthands) shorten(text string) string {
	for _, name := range strings.Fields("cp cq s1 s2 r1 r2 p1 p2 c1 c2") {
		text = strings.ReplaceAll(text, id(name), "#"+name)
	}
	return text
}

// TestRoundTrip: a document comes back as it went in, whatever it holds.
func TestRoundTrip(t *testing.T) {
	docs := []string{
		`{"n":[0,-0,1.0,1e2,80.10,0.1,12345678901234567890,1e400,-1E-7]}`,
		`{"null":null,"empty":{},"none":[],"true":true,"false":false,"deep":[[[{"a":[null]}]]]}`,
		`{"text":"<&>\u0000\u001f\u2028\"\\/ é 語 😀 ' -- ; $1 ? %s"}`,
		`{"":"", "a.b":"dotted", "$":"x", "id ":"y"}`,
	}
	onEach(t, func(t *testing.T, dsn string) {
		s := open(t, dsn)
		for i, text := range docs {
			doc := parse(t, text)
			doc["id"] = id(fmt.Sprint(i))
			if err := s.Insert(t.Context(), controlPlanes, "", doc); err != nil {
				t.Fatal(err)
			}
			got, err := s.Get(t.Context(), controlPlanes, "", id(fmt.Sprint(i)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(doc, got); diff != "" {
				t.Errorf("%s (-put +got):\n%s", text, diff)
			}
		}
	})
}
