package configuration

import (
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
)

// fileFor returns the name of the file that a text is to be kept in, or "" where
// it stands in the block: programs and certificates have files of their own.
func (s spot) fileFor(text string) string {
	o, field := s.object, s.label()
	switch {
	case o.resource.Type == entity.PluginSchema && field == "lua_schema":
		return "lua/" + o.label + "/schema.lua"
	case o.resource.Type == entity.CustomPlugin && (field == "schema" || field == "handler"):
		return "lua/" + o.label + "/" + field + ".lua"
	case !strings.Contains(text, "\n"):
		return ""
	case o.resource.Type == entity.Plugin && (o.resource.Plugin == "pre-function" || o.resource.Plugin == "post-function"):
		return "lua/" + strings.ReplaceAll(o.resource.Plugin, "-", "_") + "_" + o.label + "/" + field + ".lua"
	case strings.HasPrefix(strings.TrimSpace(text), "-----BEGIN "):
		name := o.label
		if field != "cert" && field != "pem_public_key" {
			name += "_" + strings.TrimPrefix(field, "cert_")
		}
		return o.resource.Type.Name + "/" + name + ".pem"
	}
	return ""
}

// fileExpression keeps a text in a file and returns the expression for it.
func (s spot) fileExpression(name, text string) string {
	base, ending, _ := strings.Cut(name, ".")
	for n := 2; s.taken[name]; n++ {
		name = fmt.Sprintf("%s_%d.%s", base, n, ending)
	}
	s.taken[name] = true
	s.folder.Files[name] = text
	return `file("${path.module}/` + strings.Trim(hcltext.Text(name), `"`) + `")`
}
