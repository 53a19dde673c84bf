package resource

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const examples = "../../../examples"

// Every resource is shown with an example and the ID to import it by, and the
// ID is one that the provider takes.
func TestExamples(t *testing.T) {
	t.Parallel()
	all := All()
	for name, r := range all {
		folder := filepath.Join(examples, "resources", name)
		for _, file := range []string{"resource.tf", "import.sh", "import-by-string-id.tf"} {
			text, err := os.ReadFile(filepath.Join(folder, file))
			if err != nil {
				t.Error(err)
			}
			if !strings.Contains(string(text), name) {
				t.Errorf("%s/%s does not mention %s", folder, file, name)
			}
			if file != "import.sh" {
				continue
			}
			for line := range strings.Lines(string(text)) {
				command, shown := strings.CutPrefix(strings.TrimSpace(line), "terraform import "+name+".")
				_, id, _ := strings.Cut(command, " ")
				if _, err := r.parseImportID(strings.Trim(id, "'")); shown && err != nil {
					t.Errorf("%s: %v", folder, err)
				}
			}
		}
	}
	folders, err := os.ReadDir(filepath.Join(examples, "resources"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if all[f.Name()] == nil {
			t.Errorf("there is an example of %s, which is no resource", f.Name())
		}
	}
}
