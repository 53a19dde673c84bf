package attempt

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// files counts what is in a folder.
func files(t *testing.T, path string) int {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(entries)
}

// A later run goes on with what an earlier one has begun, once, until it is
// recorded or refused.
func TestFolder(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first  func(*Attempt, *Folder)
		later  func(*Folder)
		key    string
		wantID string // "" for a new attempt
		left   int    // notes in the end
	}{
		"killed":                  {key: "name", wantID: "1", left: 1},
		"by another value":        {key: "number", wantID: "1", left: 1},
		"another object":          {key: "else", left: 2},
		"answered":                {first: func(a *Attempt, _ *Folder) { a.Made("2", "at/2") }, key: "name", wantID: "2", left: 1},
		"ended":                   {first: func(a *Attempt, f *Folder) { a.Made("1", "at/1"); f.End() }, key: "name", left: 1},
		"ended without an answer": {first: func(_ *Attempt, f *Folder) { f.End() }, key: "name", wantID: "1", left: 1},
		"refused":                 {first: func(a *Attempt, _ *Folder) { a.Drop() }, key: "name", left: 1},
		"recorded":                {later: func(f *Folder) { f.Recorded("at/1") }, key: "name", left: 1},
		"another recorded":        {later: func(f *Folder) { f.Recorded("at/7") }, key: "name", wantID: "1", left: 1},
		"nothing recorded":        {later: func(f *Folder) { f.Recorded("") }, key: "name", wantID: "1", left: 1},
		"taken up":                {later: func(f *Folder) { f.Begin([]string{"name"}, "3", "at/3", noon) }, key: "name", left: 2},
		"by another process":      {later: func(f *Folder) { In(f.path).Begin([]string{"name"}, "3", "at/3", noon) }, key: "name", left: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "deep", "folder")
			first := In(path)
			a := first.Begin([]string{"name", "number"}, "1", "at/1", noon)
			if a.Again || a.ID != "1" {
				t.Fatalf("the first attempt: %+v", a)
			}
			if tt.first != nil {
				tt.first(a, first)
			}
			second := In(path)
			if tt.later != nil {
				tt.later(second)
			}
			got := second.Begin([]string{tt.key}, "9", "at/9", noon.Add(time.Hour))
			if got.Again != (tt.wantID != "") || got.Again && (got.ID != tt.wantID || !got.Tries[0].Equal(noon) || len(got.Tries) < 2) {
				t.Errorf("got %+v", got)
			}
			if n := files(t, path); n != tt.left {
				t.Errorf("%d notes are left, want %d", n, tt.left)
			}
		})
	}
}

// Notes that cannot be read or written stop nobody.
func TestFolder_unusable(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	for name, text := range map[string]string{
		"empty.json": "", "cut.json": `{"keys":["name"`, "other.json": `{"keys":[]}`, "list.json": `[]`, "name.json~": `{"keys":["name"]}`,
	} {
		if err := os.WriteFile(filepath.Join(path, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(path, "folder.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]*Folder{
		"broken": In(path), "none": nil, "a file in its place": In(filepath.Join(path, "empty.json")),
		"below a file": In(filepath.Join(path, "empty.json", "x")),
	} {
		if f.Any() || f.Find([]string{"name"}) != nil {
			t.Errorf("%s: something is found", name)
		}
		f.Recorded("at/1")
		a := f.Begin([]string{"name"}, "1", "at/1", noon)
		a.Made("2", "at/2")
		if a.Again || a.ID == "" {
			t.Errorf("%s: %+v", name, a)
		}
		a.Drop()
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "environment"), []byte("stage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		env  map[string]string
		want string
	}{
		"nothing said":     {nil, filepath.Join(".terraform", "konnect-attempts", "default")},
		"workspace chosen": {map[string]string{"TF_DATA_DIR": data}, filepath.Join(data, "konnect-attempts", "stage")},
		"workspace given":  {map[string]string{"TF_DATA_DIR": data, "TF_WORKSPACE": "live"}, filepath.Join(data, "konnect-attempts", "live")},
		"no way out":       {map[string]string{"TF_WORKSPACE": "../../etc"}, filepath.Join(".terraform", "konnect-attempts", "..%2F..%2Fetc")},
	} {
		if got := Path(func(key string) string { return tt.env[key] }); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
