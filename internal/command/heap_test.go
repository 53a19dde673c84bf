package command

import (
	"runtime"
	"runtime/metrics"
	"testing"
)

func TestSpare(t *testing.T) {
	t.Parallel()
	reserved := spare(func(string) string { return "" })
	runtime.GC()
	goal := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
	metrics.Read(goal)
	if got := goal[0].Value.Uint64(); got < 2*spareHeap {
		t.Errorf("the collector begins at %d bytes", got)
	}
	runtime.KeepAlive(reserved)
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if spare(func(asked string) string { return map[string]string{name: "50"}[asked] }) != nil {
			t.Errorf("%s does not count", name)
		}
	}
}
