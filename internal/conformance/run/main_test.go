package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Parallel()
	const good, bad = `{"plugin":"key-auth","config":{}}`, `{"plugin":"key-auth","config":{"no_such_field":1}}`
	folder := func(text string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "example-configs.jsonl"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	tests := []struct {
		name       string
		args       []string
		status     int
		out, fault string
	}{
		{"all agree", []string{folder(good)}, 0, "1 passed, 0 failed\n", ""},
		{"one differs", []string{folder(good + "\n" + bad)}, 1, "no_such_field", ""},
		{"one differs, unseen", []string{"-first", "0", folder(bad)}, 1, "0 passed, 1 failed\n", ""},
		{"unusable schema", []string{folder(good + "\n" + `{"name":"p","fields":[{}]}`)}, 1, "unusable: plugin \"p\"", ""},
		{"no folder", nil, 2, "", "which folder"},
		{"two folders", []string{"a", "b"}, 2, "", "which folder"},
		{"unknown flag", []string{"-x"}, 2, "", "not defined"},
		{"missing folder", []string{filepath.Join(t.TempDir(), "none")}, 1, "", "no such file"},
		{"empty folder", []string{t.TempDir()}, 1, "", "no vector was found"},
		{"unreadable file", []string{folder("{")}, 1, "", "line 1"},
	}
	for _, tt := range tests {
		var out, fault strings.Builder
		status := run(t.Context(), tt.args, &out, &fault)
		if status != tt.status || !strings.Contains(out.String(), tt.out) || !strings.Contains(fault.String(), tt.fault) {
			t.Errorf("%s: status %d\n%s%s", tt.name, status, out.String(), fault.String())
		}
	}
}
