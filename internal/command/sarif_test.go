package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// every is a finding with all that one can have, and some that lack much.
func every(here string) []finding.Finding {
	return []finding.Finding{
		{
			Severity: finding.Error, Rule: "unknown-attribute", File: filepath.Join(here, "a b", "ü,1:%.tf"), Line: 3, Column: 14,
			Address: "konnect_gateway_plugin.x", Path: schema.Dotted("config.a"), Message: "100% wrong,\r\nin two lines::", Hint: "do: right",
		},
		{Severity: finding.Warning, File: "main.tf", Line: 1, Message: "a warning"},
		{Severity: finding.Error, Rule: "unreadable-file", File: "/etc/main.tf", Message: "no place"},
		{Severity: finding.Error, File: "../up/main.tf", Line: 1, Column: 1, Message: "above"},
	}
}

// The output is valid by the parts of the published schema that it uses, and has
// what readers of it look at.
func TestSarif(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/sarif-2.1.0-essentials.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif.json", document); err != nil {
		t.Fatal(err)
	}
	essentials, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	judge := func(log any) error {
		text, err := json.Marshal(log)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return essentials.Validate(v)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	rules := map[string]string{"unknown-attribute": "Keys.", "unreadable-file": "Files."}
	for _, found := range [][]finding.Finding{nil, every(here)} {
		if err := judge(sarif(rules, found)); err != nil {
			t.Error(err)
		}
	}
	// The schema itself refuses what it should.
	for name, spoil := range map[string]func(*sarifLog){
		"version": func(l *sarifLog) { l.Version = "2.0.0" },
		"no tool": func(l *sarifLog) { l.Runs[0].Tool.Driver.Name = "" },
		"level":   func(l *sarifLog) { l.Runs[0].Results[0].Level = "fatal" },
		"line":    func(l *sarifLog) { l.Runs[0].Results[0].Locations[0].Physical.Region.StartLine = 0 },
		"results": func(l *sarifLog) { l.Runs[0].Results = nil },
		"uri":     func(l *sarifLog) { l.Runs[0].Results[0].Locations[0].Physical.Artifact.URI = "a%zz.tf" },
	} {
		log := sarif(rules, every(here))
		spoil(&log)
		if judge(log) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
	var places []string
	for _, r := range sarif(rules, every(here)).Runs[0].Results {
		at := r.Locations[0].Physical
		places = append(places, at.Artifact.Base+" "+at.Artifact.URI)
		if r.RuleID != "" && rules[r.RuleID] == "" {
			t.Errorf("no rule %s", r.RuleID)
		}
		if strings.HasPrefix(r.Message.Text, "konnect") && *at.Region != (sarifRegion{3, 14}) {
			t.Errorf("it stands at %+v", at.Region)
		}
	}
	want := []string{"%SRCROOT% a%20b/%C3%BC,1:%25.tf", "%SRCROOT% main.tf", " file:///etc/main.tf", "%SRCROOT% ../up/main.tf"}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Error(diff)
	}
}

func TestWriteAnnotations(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := writeAnnotations(&out, every(here)); err != nil {
		t.Fatal(err)
	}
	const want = `::error file=a b/ü%2C1%3A%25.tf,line=3,col=14,title=unknown-attribute::konnect_gateway_plugin.x: 100%25 wrong,%0D%0Ain two lines::%0Ahint: do: right
::warning file=main.tf,line=1::a warning
::error file=/etc/main.tf,title=unreadable-file::no place
::error file=../up/main.tf,line=1,col=1::above
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// The hooks of pre-commit name the program's own command, and the files that it
// reads.
func TestPreCommitHooks(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files string
		Args                                          []string
	}
	if err := yaml.Unmarshal(text, &hooks); err != nil {
		t.Fatal(err)
	}
	var languages []string
	dir := t.TempDir()
	bad := filepath.Join(dir, "main.tf.json")
	if err := os.WriteFile(bad, []byte(`{"resource": {"konnect_gateway_none": {"x": {}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, h := range hooks {
		languages = append(languages, h.Language)
		program, args, _ := strings.Cut(h.Entry, " ")
		var stdout, stderr bytes.Buffer
		exit := run(t.Context(), process{args: append(append(strings.Fields(args), h.Args...), bad), env: os.Getenv, stdout: &stdout, stderr: &stderr})
		if program != "terraform-provider-konnect" || exit != exitFailed || !strings.Contains(stdout.String(), "there is no resource of type konnect_gateway_none") {
			t.Errorf("%s: exit code %d: %s %s", h.ID, exit, &stdout, &stderr)
		}
		files := regexp.MustCompile(h.Files)
		for name, want := range map[string]bool{
			"main.tf": true, "a/b.tf.json": true, "main.tfvars": false, "x.tf.txt": false, "main.json": false, "main.tfstate": false, "xtf": false,
		} {
			if files.MatchString(name) != want {
				t.Errorf("%s: %s is read: %v", h.ID, name, !want)
			}
		}
	}
	slices.Sort(languages)
	if diff := cmp.Diff([]string{"golang", "system"}, languages); diff != "" {
		t.Error(diff)
	}
}
