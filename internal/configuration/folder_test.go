package configuration

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contents are the files below a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, file)
		text, err := os.ReadFile(file)
		out[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// A folder is written, known again and replaced, with what Terraform keeps in it.
func TestFolder_write(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	dir := filepath.Join(parent, "shop")
	first := &Folder{Files: map[string]string{"services.tf": "# one\n", "lua/a/schema.lua": "return {}", valuesFile: "a = \"secret\"\n"}}
	second := &Folder{Files: map[string]string{"routes.tf": "# two\n", "services.tf": "# three\n"}}
	write := func(f *Folder) {
		t.Helper()
		if err := f.Write(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
	}
	write(first)
	if info, err := os.Stat(filepath.Join(dir, valuesFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: others may read the secrets", info.Mode(), err)
	}
	if text := contents(t, dir)[manifest]; strings.Contains(text, checksum(first.Files[valuesFile])) || !strings.Contains(text, "-  "+valuesFile) {
		t.Errorf("a checksum tells of secrets: %s", text)
	}
	put(t, dir, "terraform.tfstate", "state")
	put(t, dir, ".terraform/providers/x", "x")
	put(t, dir, ".terraform.lock.hcl", "lock")
	write(first)
	write(second)
	got := contents(t, dir)
	delete(got, manifest)
	if diff := cmp.Diff(map[string]string{
		"routes.tf": "# two\n", "services.tf": "# three\n", "terraform.tfstate": "state", ".terraform/providers/x": "x", ".terraform.lock.hcl": "lock",
	}, got); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "lua")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder was left: %v", err)
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) != 1 {
		t.Errorf("something was left beside it: %v, %v", entries, err)
	}
}

// What nobody else can give back is never replaced, and a refusal changes nothing.
func TestFolder_refused(t *testing.T) {
	t.Parallel()
	whole := func() *Folder {
		return &Folder{Files: map[string]string{"a.tf": "# a\n", "lua/b.lua": "b", valuesFile: "a = \"secret\"\n"}}
	}
	for name, c := range map[string]struct {
		prepare func(t *testing.T, dir string)
		want    string
	}{
		"another file":        {func(t *testing.T, dir string) { put(t, dir, "mine.tf", "") }, "export did not write: mine.tf"},
		"another file deep":   {func(t *testing.T, dir string) { put(t, dir, "lua/mine.lua", "") }, "export did not write: lua/mine.lua"},
		"many":                {func(t *testing.T, dir string) { mine(t, dir) }, "m0, m1, m2, m3, m4 and 2 more"},
		"a changed file":      {func(t *testing.T, dir string) { put(t, dir, "a.tf", "# mine\n") }, "changed since export wrote it: a.tf"},
		"changed values":      {func(t *testing.T, dir string) { put(t, dir, valuesFile, "a = \"mine\"\n") }, "changed since export wrote it: " + valuesFile},
		"a value more":        {func(t *testing.T, dir string) { appendTo(t, dir, valuesFile) }, "changed since export wrote it: " + valuesFile},
		"a link in its place": {func(t *testing.T, dir string) { link(t, dir, "a.tf") }, "export did not write: a.tf"},
		"no manifest":         {func(t *testing.T, dir string) { remove(t, dir, manifest) }, "export did not write: a.tf, lua/b.lua, " + valuesFile},
		"another manifest":    {func(t *testing.T, dir string) { put(t, dir, manifest, "garbage\n../x\n") }, "export did not write: a.tf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "out")
			if err := whole().Write(t.Context(), dir); err != nil {
				t.Fatal(err)
			}
			c.prepare(t, dir)
			before := contents(t, dir)
			err := (&Folder{Files: map[string]string{"z.tf": ""}}).Write(t.Context(), dir)
			if !errors.Is(err, ErrOccupied) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func mine(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"m0", "m1", "m2", "m3", "m4", "m5", "m6"} {
		put(t, dir, name, "")
	}
}

func appendTo(t *testing.T, dir, name string) {
	t.Helper()
	put(t, dir, name, contents(t, dir)[name]+"b = 1\n")
}

func link(t *testing.T, dir, name string) {
	t.Helper()
	remove(t, dir, name)
	if err := os.Symlink(filepath.Join(dir, valuesFile), filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// What is cut short leaves everything as it was.
func TestFolder_cut(t *testing.T) {
	t.Parallel()
	interrupted, stop := context.WithCancel(t.Context())
	stop()
	parent := t.TempDir()
	dir := filepath.Join(parent, "shop")
	f := &Folder{Files: map[string]string{"a.tf": "# a\n"}}
	if err := f.Write(interrupted, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("a new one: %v", err)
	}
	if got := contents(t, parent); len(got) > 0 {
		t.Errorf("something was left: %v", got)
	}
	if err := f.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	before := contents(t, parent)
	other := &Folder{Files: map[string]string{"a.tf": "# b\n", "b.tf": ""}}
	if err := other.Write(interrupted, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("another one: %v", err)
	}
	// A folder where a file is to be cannot be replaced by one.
	if err := os.MkdirAll(filepath.Join(dir, "b.tf", ".terraform"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := other.Write(t.Context(), dir); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if diff := cmp.Diff(before, contents(t, parent)); diff != "" {
		t.Error(diff)
	}
	if err := f.Write(t.Context(), filepath.Join(parent, "no", "such")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder in none: %v", err)
	}
	put(t, parent, "file", "")
	if err := f.Write(t.Context(), filepath.Join(parent, "file")); err == nil {
		t.Error("a file was replaced")
	}
}
