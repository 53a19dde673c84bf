package command

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
)

// The Static Analysis Results Interchange Format (SARIF), version 2.1.0, as far as
// findings need it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId,omitempty"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

const (
	sarifSchema  = "https://json.schemastore.org/sarif-2.1.0.json"
	sarifVersion = "2.1.0"
	homepage     = "https://github.com/openkonnect/terraform-provider-konnect"
	// projectRoot is what readers of SARIF call the folder of a repository.
	projectRoot = "%SRCROOT%"
)

// sarif is what was found, in that format.
func sarif(rules map[string]string, found []finding.Finding) sarifLog {
	driver := sarifDriver{Name: "terraform-provider-konnect", Version: versionName(), InformationURI: homepage, Rules: []sarifRule{}}
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		driver.Rules = append(driver.Rules, sarifRule{id, sarifText{rules[id]}})
	}
	run := sarifRun{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	for _, f := range found {
		run.Results = append(run.Results, sarifResult{
			RuleID: f.Rule, Level: string(f.Severity), Message: sarifText{said(f)}, Locations: []sarifLocation{sarifPlace(f)},
		})
	}
	return sarifLog{Schema: sarifSchema, Version: sarifVersion, Runs: []sarifRun{run}}
}

func sarifPlace(f finding.Finding) sarifLocation {
	out := sarifLocation{Physical: sarifPhysical{Artifact: sarifFile(inProject(f.File))}}
	if f.Line > 0 {
		out.Physical.Region = &sarifRegion{f.Line, f.Column}
	}
	if f.Address != "" {
		out.Logical = []sarifLogical{{f.Address, "resource"}}
	}
	return out
}

// sarifFile is a path as a reference to a resource: from the project's folder, or
// from the root of the file system.
func sarifFile(file string) sarifArtifact {
	if path.IsAbs(file) || strings.Contains(file, ":/") { // of Windows
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(file, "/")}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: file}).String(), Base: projectRoot}
}
