package controlplane_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/controlplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/seed"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// loading is a file to begin with.
func loading(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shop.yaml")
	if err := os.WriteFile(path, []byte("_format_version: \"3.0\"\nservices: [{name: orders, host: a.example}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// names are those of the control planes that an API has.
func names(t *testing.T, h http.Handler) (out []string) {
	t.Helper()
	for _, doc := range planes(t, h) {
		out = append(out, fmt.Sprint(doc["name"]))
	}
	return out
}

func planes(t *testing.T, h http.Handler) []map[string]any {
	t.Helper()
	list, err := api(t, h).List(t.Context(), client.Ref{Type: entity.ControlPlane}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func api(t *testing.T, h http.Handler) *client.Client {
	t.Helper()
	c, err := client.New(client.Options{Transport: client.HandlerTransport(h)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func opened(t *testing.T, s *controlplane.Shared, path, load string) http.Handler {
	t.Helper()
	h, closer, err := s.Open(t.Context(), path, load)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closer.Close() }) // again, mostly
	return h
}

func create(t *testing.T, h http.Handler, name string) {
	t.Helper()
	if _, err := api(t, h).Create(t.Context(), client.Ref{Type: entity.ControlPlane}, map[string]any{"name": name}); err != nil {
		t.Fatal(err)
	}
}

// Nothing keeps a control plane in memory once its last user is gone.
func TestShared_memory(t *testing.T) {
	t.Parallel()
	s := &controlplane.Shared{Fill: seed.Fill}
	first, closer, err := s.Open(t.Context(), controlplane.Memory, "")
	if err != nil {
		t.Fatal(err)
	}
	create(t, first, "one")
	if second := opened(t, s, controlplane.Memory, ""); first != second {
		t.Error("two of a process do not share it")
	}
	if loaded := opened(t, s, controlplane.Memory, loading(t)); fmt.Sprint(names(t, loaded)) != "[shop]" {
		t.Errorf("what is loaded is not alone: %v", names(t, loaded))
	}
	if err := errors.Join(closer.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	if left := names(t, opened(t, s, controlplane.Memory, "")); len(left) > 0 {
		t.Errorf("%v is kept", left)
	}
}

// A file that is not there yet begins with what is loaded: readers see it, and the
// first write makes the file. One that is there stays as it is.
func TestShared_load(t *testing.T) {
	t.Parallel()
	load := loading(t)
	file := filepath.Join(t.TempDir(), "konnect.db")
	first := &controlplane.Shared{Fill: seed.Fill}
	h := opened(t, first, file, load)
	before := planes(t, h)
	if len(before) != 1 || before[0]["name"] != "shop" {
		t.Fatalf("it begins with %v", before)
	}
	alone(t, file, false)
	create(t, h, "more")
	alone(t, file, true)
	if got := fmt.Sprint(names(t, h)); got != "[shop more]" && got != "[more shop]" {
		t.Errorf("after the first write it has %s", got)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(load); err != nil {
		t.Fatal(err)
	}
	again := planes(t, opened(t, &controlplane.Shared{Fill: seed.Fill}, file, load))
	if len(again) != 2 || again[0]["id"] != before[0]["id"] && again[1]["id"] != before[0]["id"] {
		t.Errorf("later it has %v, which began as %v", again, before)
	}
}

// alone insists that there is a file, or none, and nothing left over beside it.
func alone(t *testing.T, file string, there bool) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range entries {
		found = found || e.Name() == filepath.Base(file)
		if e.IsDir() {
			t.Errorf("%s is left over", e.Name())
		}
	}
	if found != there {
		t.Errorf("%s is there: %v", file, found)
	}
}

// Processes that make the same file at once fill it once, and lose no write.
func TestShared_loadAtOnce(t *testing.T) {
	t.Parallel()
	load, file := loading(t), filepath.Join(t.TempDir(), "konnect.db")
	const processes = 6
	handlers := make([]http.Handler, processes)
	for i := range handlers {
		handlers[i] = opened(t, &controlplane.Shared{Fill: seed.Fill}, file, load)
	}
	var all sync.WaitGroup
	for i, h := range handlers {
		all.Go(func() { create(t, h, fmt.Sprintf("plane-%d", i)) })
	}
	all.Wait()
	if got := names(t, handlers[0]); len(got) != processes+1 {
		t.Errorf("there are %v", got)
	}
	alone(t, file, true)
}

// What cannot be loaded is said at once, and leaves nothing behind.
func TestShared_loadRefused(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	file := filepath.Join(t.TempDir(), "konnect.db")
	for _, path := range []string{file, controlplane.Memory} {
		s := &controlplane.Shared{Fill: func(context.Context, *store.Store, string) error { return broken }}
		if _, _, err := s.Open(t.Context(), path, "kong.yaml"); !errors.Is(err, broken) {
			t.Errorf("%s: got %v", path, err)
		}
		alone(t, file, false)
	}
	// It may break later, too: between the plan and the apply.
	calls := 0
	s := &controlplane.Shared{Fill: func(ctx context.Context, s *store.Store, load string) error {
		if calls++; calls > 1 {
			return broken
		}
		return seed.Fill(ctx, s, load)
	}}
	h := opened(t, s, file, loading(t))
	if _, err := api(t, h).Create(t.Context(), client.Ref{Type: entity.ControlPlane}, map[string]any{"name": "more"}); err == nil {
		t.Error("a write is taken")
	}
	alone(t, file, false)
}
