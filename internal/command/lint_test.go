package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Join(folder, "module"), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{filepath.Join(folder, "main.tf"), filepath.Join(folder, "module", "main.tf")} {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return folder
	}
	good := write("good", "resource \"konnect_gateway_plugin_cors\" \"x\" {\n  control_plane_id = var.cp\n  config = { max_age = var.age }\n}\n")
	bad := write("bad", "resource \"konnect_gateway_plugin_cors\" \"x\" {\n  control_plane_id = var.cp\n  config = { max_agr = 5 }\n}\n")
	finding := filepath.Join(bad, "main.tf") + ":3:14: error: konnect_gateway_plugin_cors.x: config.max_agr: there is no such attribute"
	for _, c := range []struct {
		name           string
		args           []string
		exit           int
		stdout, stderr string
	}{
		{"good", []string{good}, exitFine, "", "0 errors, 0 warnings"},
		{"bad", []string{good, bad}, exitFailed, finding, "1 errors, 0 warnings"},
		{"below", []string{"-recursive", bad}, exitFailed, finding, "2 errors, 0 warnings"},
		{"for machines", []string{"--format", "json", bad}, exitFailed, `"path": "config.max_agr"`, ""},
		{"nothing for machines", []string{"--format", "json", good}, exitFine, `"findings": []`, ""},
		{"no such folder", []string{good, filepath.Join(dir, "none")}, exitUsage, "", "no such file"},
		{"no files", []string{dir}, exitUsage, "", "no *.tf files"},
		{"no folder", nil, exitUsage, "", "give at least one folder"},
		{"no such format", []string{"--format", "xml", good}, exitUsage, "", "give human or json"},
		{"no such option", []string{"--fix", good}, exitUsage, "", "not defined: -fix"},
		{"help", []string{"-h"}, exitFine, "", "Usage: terraform-provider-konnect lint"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			exit := run(t.Context(), process{args: append([]string{"lint"}, c.args...), env: os.Getenv, stdout: &stdout, stderr: &stderr})
			if exit != c.exit {
				t.Errorf("exit code %d, want %d", exit, c.exit)
			}
			if !strings.Contains(stdout.String(), c.stdout) || !strings.Contains(stderr.String(), c.stderr) {
				t.Errorf("printed\n%s\nand\n%s\nwant %q and %q", &stdout, &stderr, c.stdout, c.stderr)
			}
			if len(c.args) > 1 && c.args[1] == "json" && !json.Valid(stdout.Bytes()) {
				t.Errorf("no JSON: %s", &stdout)
			}
		})
	}
}
