package recent_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/recent"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	var m recent.Memory[int]
	long := strings.Repeat("x", 16<<10)
	for i, text := range []string{"", "a", long + "x", long, "b"} {
		if v, ok := m.Find([]byte(text)); ok {
			t.Errorf("%d bytes: %d is remembered before it was noted", len(text), v)
		}
		m.Keep(text, i)
	}
	for text, want := range map[string]int{"": 0, "a": 1, long: 3, "b": 4} {
		if v, ok := m.Find([]byte(text)); !ok || v != want {
			t.Errorf("%d bytes: got %d, %v, want %d", len(text), v, ok, want)
		}
	}
	if _, ok := m.Find([]byte(long + "x")); ok {
		t.Error("a text beyond the limit is remembered")
	}
	m.Keep("c", 5)
	if _, ok := m.Find(nil); ok {
		t.Error("the oldest is still there")
	}
}

func TestMemory_concurrent(t *testing.T) {
	t.Parallel()
	var m recent.Memory[int]
	var together sync.WaitGroup
	for i := range 8 {
		together.Go(func() {
			for j := range 1000 {
				n := (i + j) % 6
				if v, ok := m.Find([]byte(strconv.Itoa(n))); ok && v != n {
					t.Errorf("got %d for %d", v, n)
				}
				m.Keep(strconv.Itoa(n), n)
			}
		})
	}
	together.Wait()
}

func TestTable(t *testing.T) {
	t.Parallel()
	var table recent.Table[int]
	long := strings.Repeat("x", 16<<10)
	for i, text := range []string{"", "a", long + "x", long} {
		if v, ok := table.Find([]byte(text)); ok {
			t.Errorf("%d bytes: %d is remembered before it was noted", len(text), v)
		}
		table.Keep([]byte(text), i)
		if v, ok := table.Find([]byte(text)); ok != (len(text) <= len(long)) || ok && v != i {
			t.Errorf("%d bytes: got %d, %v", len(text), v, ok)
		}
	}
	found := 0
	for i := range 1000 {
		table.Keep([]byte(strconv.Itoa(i)), i)
	}
	for i := range 1000 {
		v, ok := table.Find([]byte(strconv.Itoa(i)))
		if ok {
			found++
		}
		if ok && v != i {
			t.Errorf("got %d for %d", v, i)
		}
	}
	if found == 0 || found > 32 {
		t.Errorf("%d of 1000 are there", found)
	}
}

func TestTable_concurrent(t *testing.T) {
	t.Parallel()
	var table recent.Table[int]
	var together sync.WaitGroup
	for i := range 8 {
		together.Go(func() {
			for j := range 1000 {
				n := (i + j) % 200
				if v, ok := table.Find([]byte(strconv.Itoa(n))); ok && v != n {
					t.Errorf("got %d for %d", v, n)
				}
				table.Keep([]byte(strconv.Itoa(n)), n)
			}
		})
	}
	together.Wait()
}
