package luaschema_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
)

func load(ctx context.Context, source string) (*luaschema.Plugin, error) {
	return luaschema.Load(ctx, source, entity.OpenSourcePlugin(), entity.Schemas)
}

// verdict tells how loading a hostile schema ended, in the words of the first
// line of its file: "-- expect: <verdict>".
//
//	ok            it loads
//	memory        it is stopped for its memory
//	bound         it is stopped for its time, its instructions or its memory
//	answer        it is stopped for the length of what comes out
//	error <text>  it raises an error that says so
//	<stage> <text>  it fails at that stage, with a message that says so
func matches(want string, err error) bool {
	kind, text, _ := strings.Cut(want, " ")
	var e *luaschema.Error
	if kind == "ok" || !errors.As(err, &e) {
		return kind == "ok" && err == nil
	}
	switch kind {
	case "memory":
		return errors.Is(err, luaschema.ErrMemory)
	case "bound":
		return errors.Is(err, luaschema.ErrMemory) || errors.Is(err, luaschema.ErrTime) || errors.Is(err, luaschema.ErrSteps)
	case "answer":
		return errors.Is(err, luaschema.ErrAnswer)
	case "error":
		return e.Stage == luaschema.Run && e.Cause == nil && strings.Contains(e.Message, text)
	}
	return string(e.Stage) == kind && strings.Contains(e.Message, text)
}

// held runs f and returns how much more of the heap was in use meanwhile, at
// most. Garbage does not count: it looks at the end of each collection, when a
// cleanup runs that the collection before has armed.
func held(f func()) uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var mu sync.Mutex
	var most uint64
	look := func() uint64 {
		mu.Lock()
		defer mu.Unlock()
		metrics.Read(sample)
		most = max(most, sample[0].Value.Uint64())
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before := look()
	var done atomic.Bool
	var arm func()
	arm = func() {
		runtime.AddCleanup(new([16]byte), func(struct{}) {
			if look(); !done.Load() {
				arm()
			}
		}, struct{}{})
	}
	arm()
	f()
	done.Store(true)
	look()
	return most - before
}

// TestLoad_hostile loads every schema of the corpus. They run one after the
// other, so that the heap tells how much each of them took.
func TestLoad_hostile(t *testing.T) {
	const allowed = 5 * luaschema.MaxMemory / 4 // beside the code, there is what the compiled source takes
	const steps = 800_000
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	files, err := filepath.Glob("testdata/hostile/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".lua"), func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(source), "\n")
			want, ok := strings.CutPrefix(first, "-- expect: ")
			if !ok {
				t.Fatal("the first line says nothing of what to expect")
			}
			grown := held(func() {
				_, err = luaschema.LoadWithin(t.Context(), string(source), steps, entity.OpenSourcePlugin(), entity.Schemas)
			})
			if !matches(want, err) {
				t.Errorf("got %v, want %s", err, want)
			}
			if grown > allowed {
				t.Errorf("%d MiB were held", grown>>20)
			}
		})
	}
}

// TestLoad_bounds shows that the usual bounds are in force, also for what is
// not counted in instructions.
func TestLoad_bounds(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"loop":   "while true do end",
		"search": `while true do ngx.re.find(("a"):rep(500000) .. "cb", "a++b") end`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := load(t.Context(), source); !matches("bound", err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLoad_bytecode(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"\x1bLJ\x02\x00", "\x1bLuaQ\x00\x01\x04\x08\x04\x08\x00"} {
		if _, err := load(t.Context(), source); !matches("compile bytecode is not accepted", err) {
			t.Errorf("got %v", err)
		}
	}
}

func TestLoad_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := load(ctx, "while true do pcall(function() while true do end end) end"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
