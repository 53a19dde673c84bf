package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fenced are the blocks of code in a guide.
var fenced = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```\n")

// workshop is a folder in which the program and terraform, which knows it, run
// as people run them.
type workshop struct {
	folder string
	env    []string
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := &workshop{folder: t.TempDir()}
	bin := t.TempDir()
	write := func(path, text string, mode os.FileMode) string {
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write(filepath.Join(bin, "terraform-provider-konnect"), fmt.Sprintf("#!/bin/sh\n%s=program exec %q \"$@\"\n", role, os.Args[0]), 0o700)
	config := write(filepath.Join(bin, "dev.tfrc"), fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"openkonnect/konnect\" = %q\n  }\n  direct {}\n}\n", bin), 0o600)
	w.env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1", "KONNECT_SERVER_URL=")
	return w
}

func (w *workshop) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs lines of a shell, of which none may fail.
func (w *workshop) run(t *testing.T, lines string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", lines)
	cmd.Dir, cmd.Env = w.folder, w.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", lines, err, out)
	}
	return string(out)
}

// TestGuide_beside follows the guide to the letter, and then has each side take
// away what it keeps.
func TestGuide_beside(t *testing.T) {
	t.Parallel()
	text := readFile(t, "../../templates/guides/terraform-beside-deck.md.tmpl")
	w := newWorkshop(t)
	var said []string
	for _, block := range fenced.FindAllStringSubmatch(text, -1) {
		switch language, content := block[1], block[2]; language {
		case "terraform":
			w.write(t, "main.tf", content)
		case "yaml":
			w.write(t, "orders.yaml", content)
		case "shell":
			said = append(said, w.run(t, content))
		default:
			t.Errorf("a block of %s is not tried", language)
		}
	}
	for i, want := range []string{"3 added", "5 created, 0 updated, 0 deleted", "No changes", "0 created, 0 updated, 0 deleted, 5 as they were"} {
		if i >= len(said) || !strings.Contains(said[i], want) {
			t.Fatalf("no %q in block %d of\n%s", want, i, strings.Join(said, "\n---\n"))
		}
	}
	w.write(t, "orders.yaml", "_format_version: \"3.0\"\n_konnect: {control_plane_name: shop}\n_info: {select_tags: [orders]}\n")
	if out := w.run(t, "terraform-provider-konnect import --database konnect.db --sync --yes orders.yaml"); !strings.Contains(out, "4 deleted") {
		t.Error(out)
	}
	if out := w.run(t, "terraform plan -detailed-exitcode"); !strings.Contains(out, "No changes") {
		t.Error(out)
	}
}
