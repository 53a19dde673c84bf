// Package acctest is for tests only: a control plane that runs in the test's
// process ([ControlPlane]), the provider connected to it, a way to act behind
// Terraform's back, and [Protocol], which calls the provider without the
// terraform binary.
package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider"
)

// ControlPlane is a control plane in this process, on a database of its own.
type ControlPlane struct {
	// Client acts behind Terraform's back.
	Client *client.Client

	handler http.Handler
	path    string

	mu      sync.Mutex
	answer  Answer
	writes  int
	history []string
}

// Answer may answer a request in place of the control plane, or do something
// before; it returns false to let the control plane answer.
type Answer func(w http.ResponseWriter, r *http.Request, next http.Handler) bool

// New starts a control plane that ends with the test.
func New(t testing.TB) *ControlPlane {
	t.Helper()
	path := filepath.Join(t.TempDir(), "konnect.db")
	plane, err := controlplane.Open(context.Background(), controlplane.Options{Database: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plane.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &ControlPlane{path: path, handler: plane}
	c.Client, err = client.New(client.Options{Transport: client.HandlerTransport(plane)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Intercept lets a function answer requests of the provider from now on; nil
// ends that. The test's own Client is not affected.
func (c *ControlPlane) Intercept(a Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = a
}

// Amend lets a function change the objects in answers to the provider from now
// on, like a control plane that adds more to them than this one. It gets the
// path of the request, too.
func (c *ControlPlane) Amend(change func(path string, doc map[string]any)) {
	c.Intercept(func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var doc map[string]any
		if rec.Code < http.StatusBadRequest && d.Decode(&doc) == nil {
			list, isList := doc["data"].([]any)
			if !isList {
				list = []any{doc}
			}
			for _, e := range list {
				if e, ok := e.(map[string]any); ok {
					change(r.URL.Path, e)
				}
			}
			if out, err := json.Marshal(doc); err == nil {
				body = out
			}
		}
		for k, v := range rec.Header() {
			if k != "Content-Length" {
				w.Header()[k] = v
			}
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body) // the client finds a cut answer out
		return true
	})
}

// ServeHTTP answers the provider.
func (c *ControlPlane) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	a := c.answer
	c.history = append(c.history, r.Method+" "+r.URL.Path)
	if r.Method != http.MethodGet {
		c.writes++
	}
	c.mu.Unlock()
	if a == nil || !a(w, r, c.handler) {
		c.handler.ServeHTTP(w, r)
	}
}

// Writes returns how many requests of the provider were not mere reads.
func (c *ControlPlane) Writes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.writes
}

// Requests returns the requests of the provider so far, and forgets them.
func (c *ControlPlane) Requests() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.history
	c.history = nil
	return out
}

// Open is the provider's way to this control plane, whatever the path.
func (c *ControlPlane) Open(context.Context, string, string) (http.Handler, io.Closer, error) {
	return c, io.NopCloser(nil), nil
}

// Providers are the factories for terraform-plugin-testing.
func (c *ControlPlane) Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"konnect": func() (tfprotov6.ProviderServer, error) { return provider.New("test", c.Open)(), nil },
	}
}

// Make creates an entity behind Terraform's back and returns it.
func (c *ControlPlane) Make(t testing.TB, typ *entity.Type, parents []string, doc map[string]any) map[string]any {
	t.Helper()
	out, err := c.Client.Create(context.Background(), client.Ref{Type: typ, Parents: parents}, doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Find returns the only entity of a collection for which a field has a value.
func (c *ControlPlane) Find(t testing.TB, typ *entity.Type, parents []string, field string, value any) map[string]any {
	t.Helper()
	list, err := c.Client.List(context.Background(), client.Ref{Type: typ, Parents: parents}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range list {
		if doc[field] == value {
			return doc
		}
	}
	t.Fatalf("there is no %s with %s %v among %d", typ.Title, field, value, len(list))
	return nil
}

// ID returns the id of such an entity.
func (c *ControlPlane) ID(t testing.TB, typ *entity.Type, parents []string, field string, value any) string {
	t.Helper()
	id, _ := c.Find(t, typ, parents, field, value)[typ.ID].(string)
	return id
}

// Change replaces fields of an entity behind Terraform's back; nil clears one.
func (c *ControlPlane) Change(t testing.TB, typ *entity.Type, parents []string, key string, fields map[string]any) {
	t.Helper()
	ref := client.Ref{Type: typ, Parents: parents, Key: key}
	ctx := context.Background()
	if typ.Family == entity.Platform {
		if _, err := c.Client.Patch(ctx, ref, fields); err != nil {
			t.Fatal(err)
		}
		return
	}
	doc, err := c.Client.Get(ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	for _, computed := range typ.Computed {
		delete(doc, computed)
	}
	for k, v := range fields {
		doc[k] = v
	}
	if _, err := c.Client.Put(ctx, ref, doc); err != nil {
		t.Fatal(err)
	}
}

// Remove deletes an entity behind Terraform's back.
func (c *ControlPlane) Remove(t testing.TB, typ *entity.Type, parents []string, key string) {
	t.Helper()
	if err := c.Client.Delete(context.Background(), client.Ref{Type: typ, Parents: parents, Key: key}); err != nil {
		t.Fatal(err)
	}
}

// Get returns an entity.
func (c *ControlPlane) Get(t testing.TB, typ *entity.Type, parents []string, key string) map[string]any {
	t.Helper()
	doc, err := c.Client.Get(context.Background(), client.Ref{Type: typ, Parents: parents, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
