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
	secret := write("secret", "resource \"konnect_gateway_key_auth\" \"x\" {\n  control_plane_id = var.cp\n  consumer_id = var.c\n  key = \"alice-4712\"\n}\n")
	finding := filepath.Join(bad, "main.tf") + ":3:14: error: konnect_gateway_plugin_cors.x: config.max_agr: there is no such attribute"
	empty := t.TempDir()
	for _, c := range []struct {
		name           string
		args           []string
		exit           int
		stdout, stderr string
	}{
		{"good", []string{good}, exitFine, "", "0 errors, 0 warnings"},
		{"bad", []string{good, bad}, exitFailed, finding, "2 errors, 0 warnings"},
		{"below", []string{"-recursive", bad}, exitFailed, finding, "2 errors, 0 warnings"},
		{"not below", []string{"-recursive=false", bad}, exitFailed, finding, "1 errors, 0 warnings"},
		{"files", []string{filepath.Join(bad, "main.tf"), filepath.Join(secret, "main.tf")}, exitFailed, finding, "1 errors, 1 warnings"},
		{"a warning", []string{secret}, exitFailed, "main.tf:4:3: warning: konnect_gateway_key_auth.x: key: a secret is written out", "0 errors, 2 warnings"},
		{"a warning that is fine", []string{"--fail-on", "error", secret}, exitFine, ":4:3: warning: ", "0 errors, 2 warnings"},
		{"an error is not", []string{"--fail-on=error", secret, bad}, exitFailed, finding, "2 errors, 2 warnings"},
		{"fail on what", []string{"--fail-on", "nothing", secret}, exitUsage, "", "give warning or error"},
		{"for machines", []string{"--format", "json", bad}, exitFailed, `"path": "config.max_agr"`, ""},
		{"nothing for machines", []string{"--format", "json", good}, exitFine, `"findings": []`, ""},
		{"for GitHub", []string{"--format", "github", secret}, exitFailed, "main.tf,line=4,col=3,title=secret-in-clear-text::konnect_gateway_key_auth.x: key: ", ""},
		{"nothing for GitHub", []string{"--format", "github", good}, exitFine, "", ""},
		{"SARIF", []string{"--format", "sarif", good}, exitFine, `"results": []`, ""},
		{"no such folder", []string{good, filepath.Join(dir, "none")}, exitUsage, "", "no such file"},
		{"no files", []string{empty}, exitUsage, "", "no *.tf or *.tf.json files"},
		{"no folder", nil, exitUsage, "", "give at least one folder or file"},
		{"no such format", []string{"--format", "xml", good}, exitUsage, "", "give human, json, github or sarif"},
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
