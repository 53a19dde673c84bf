package finding_test

import (
	"encoding/json"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

var findings = []struct {
	finding    finding.Finding
	text, json string
}{
	{
		finding.Finding{Severity: finding.Error, File: "schema.lua", Line: 3, Path: schema.Path{schema.Key("fields"), schema.At(1)}, Message: "no", Hint: "yes"},
		"schema.lua:3: error: fields[1]: no\n    hint: yes",
		`{"severity":"error","file":"schema.lua","line":3,"path":"fields[1]","message":"no","hint":"yes"}`,
	},
	{
		finding.Finding{Severity: finding.Warning, File: "schema.lua", Message: "big"},
		"schema.lua: warning: big",
		`{"severity":"warning","file":"schema.lua","message":"big"}`,
	},
	{
		finding.Finding{Severity: finding.Error, File: "main.tf", Line: 1, Column: 7, Address: "a.b", Path: schema.Path{schema.Key("c")}, Message: "c: no"},
		"main.tf:1:7: error: a.b: c: no",
		`{"severity":"error","file":"main.tf","line":1,"column":7,"address":"a.b","path":"c","message":"c: no"}`,
	},
}

func TestFinding(t *testing.T) {
	t.Parallel()
	for _, tt := range findings {
		if got := tt.finding.String(); got != tt.text {
			t.Errorf("got %q, want %q", got, tt.text)
		}
		got, err := json.Marshal(tt.finding)
		if err != nil || string(got) != tt.json {
			t.Errorf("got %s and %v, want %s", got, err, tt.json)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	var all []finding.Finding
	for _, tt := range findings {
		all = append(all, tt.finding)
	}
	if mistakes, warnings := finding.Count(all); mistakes != 2 || warnings != 1 {
		t.Errorf("got %d errors and %d warnings", mistakes, warnings)
	}
}
