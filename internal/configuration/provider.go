package configuration

import (
	"path/filepath"
	"regexp"

	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
)

// Provider is what the provider's block says: where the control plane is. No
// secret is part of it.
type Provider struct {
	Version   string // of this program; no constraint if it is no release
	ServerURL string
	// Embedded is the path of the file with the embedded control plane: absolute,
	// or from the folder on.
	Embedded string
	// Remark says what else is needed.
	Remark string
}

// Anywhere is the remark of a block that says nothing of where the control plane is.
const Anywhere = "Say which control plane this is for: server_url, with a token in KONNECT_TOKEN or KONNECT_SPAT,\nor embedded = { path = \"konnect.db\" }."

// Source is the provider's name in the registry.
const Source = "openkonnect/konnect"

var release = regexp.MustCompile(`^v?([0-9]+\.[0-9]+)\.[0-9]+$`)

func (p Provider) versions() string {
	var file, terraform, required hcltext.Body
	entries := []hcltext.Entry{{Name: "source", Value: hcltext.Text(Source)}}
	if m := release.FindStringSubmatch(p.Version); m != nil {
		entries = append(entries, hcltext.Entry{Name: "version", Value: hcltext.Text("~> " + m[1])})
	}
	required.Set("konnect", hcltext.Object(entries))
	terraform.Set("required_version", hcltext.Text(">= 1.5"))
	terraform.Gap()
	terraform.Block("required_providers", nil, &required)
	file.Block("terraform", nil, &terraform)
	return file.File()
}

func (p Provider) block() string {
	var file, body hcltext.Body
	if p.Remark != "" {
		file.Comment(p.Remark)
	}
	if p.ServerURL != "" {
		body.Set("server_url", hcltext.Text(p.ServerURL))
	}
	if p.Embedded != "" {
		path := hcltext.Text(filepath.ToSlash(p.Embedded))
		if !filepath.IsAbs(p.Embedded) {
			path = `"${path.module}/` + path[1:]
		}
		body.Set("embedded", hcltext.Object([]hcltext.Entry{{Name: "path", Value: path}}))
	}
	file.Block("provider", []string{"konnect"}, &body)
	return file.File()
}
