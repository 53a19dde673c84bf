package command

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
)

// Texts of GitHub's workflow commands: what ends a command or a property of it is
// written with a percent sign.
var (
	annotationText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	annotationProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeAnnotations writes findings as commands to a workflow of GitHub, which
// shows them at the lines of a pull request.
func writeAnnotations(w io.Writer, found []finding.Finding) error {
	for _, f := range found {
		properties := []string{"file=" + annotationProperty.Replace(inProject(f.File))}
		if f.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", f.Line))
		}
		if f.Column > 0 {
			properties = append(properties, fmt.Sprintf("col=%d", f.Column))
		}
		if f.Rule != "" {
			properties = append(properties, "title="+annotationProperty.Replace(f.Rule))
		}
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", f.Severity, strings.Join(properties, ","), annotationText.Replace(said(f))); err != nil {
			return err
		}
	}
	return nil
}

// said is what a finding says, without its place.
func said(f finding.Finding) string {
	out := f.Message
	if f.Address != "" {
		out = f.Address + ": " + out
	}
	if f.Hint != "" {
		out += "\nhint: " + f.Hint
	}
	return out
}

// inProject is the path of a file from the working folder, where it lies in
// there, with slashes.
func inProject(file string) string {
	if filepath.IsAbs(file) {
		here, err := os.Getwd()
		if err != nil {
			return filepath.ToSlash(file)
		}
		if below, err := filepath.Rel(here, file); err == nil && filepath.IsLocal(below) {
			file = below
		}
	}
	return filepath.ToSlash(filepath.Clean(file))
}
