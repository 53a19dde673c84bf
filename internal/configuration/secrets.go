package configuration

import (
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
)

// variable is a secret that the configuration takes from elsewhere.
type variable struct{ name, description, value string }

// variable makes one of a secret and refers to it.
func (s spot) variable(value string) string {
	base := s.variableName()
	name := base
	for n := 2; s.taken[name]; n++ {
		name = fmt.Sprintf("%s_%d", base, n)
	}
	s.taken[name] = true
	description := fmt.Sprintf("The %s of %s.", strings.ReplaceAll(s.label(), "_", " "), s.object.name())
	s.variables = append(s.variables, variable{name, description, value})
	if s.Imports && !s.marked {
		return hcltext.Call(unmarked, "var."+name)
	}
	return "var." + name
}

// variableName is that of a variable for this place.
func (s spot) variableName() string {
	return identifier(strings.TrimPrefix(s.object.resource.Name, prefix) + "_" + s.object.label + "_" + s.label())
}

// unmarked is the function that takes the mark of a secret away. An import is only
// empty if what it reads has the marks that the configuration has, and Terraform
// marks by the schema alone what it reads.
const unmarked = "nonsensitive"

// hidden are fields that the API keeps to itself, or shows otherwise than they
// have to be written.
var hidden = []struct {
	typ   *entity.Type
	field string
	when  func(doc map[string]any) bool
	why   string
}{
	{entity.BasicAuth, "password", nil, "of whose password only a hash is kept"},
	{entity.ConfigStoreSecret, "value", nil, "whose value the API never shows"},
	{entity.RealmKey, "secret", func(doc map[string]any) bool { return doc["type"] == "legacy" }, "whose secret the API never shows"},
}

// withheld returns why there is no block for an object, or "".
func withheld(o *object) string {
	for _, h := range hidden {
		if h.typ == o.resource.Type && (h.when == nil || h.when(o.doc)) {
			return h.why
		}
	}
	return ""
}

// hiddenField is the argument that such an object lacks.
func hiddenField(o *object) string {
	for _, h := range hidden {
		if h.typ == o.resource.Type {
			return h.field
		}
	}
	return ""
}

// remarks are what the block of an object does not say, although the object may
// hold it.
func remarks(o *object) (out []string) {
	switch t := o.resource.Type; {
	case t == entity.KeyAuth && o.doc["ttl"] != nil:
		out = append(out, "the time after which it expires, which the control plane counts down")
	case t == entity.AsymmetricKey && o.doc["jwk"] != nil && !document.IsEmpty(o.doc["jwk"]):
		out = append(out, "the private part of its jwk, if it has one, which the API never shows")
	case t == entity.RealmKey:
		out = append(out, "its secret, which the API never shows: made anew, it has another one")
	}
	return out
}

// variablesFile declares the variables.
func (e *exporter) variablesFile() *hcltext.Body {
	var file hcltext.Body
	for _, v := range e.variables {
		var body hcltext.Body
		body.Set("description", hcltext.Text(v.description))
		body.Set("type", "string")
		body.Set("sensitive", "true")
		file.Gap()
		file.Block("variable", []string{v.name}, &body)
	}
	return &file
}

// valuesFile gives them their values.
func (e *exporter) valuesFile() *hcltext.Body {
	var file hcltext.Body
	for _, v := range e.variables {
		file.Set(v.name, hcltext.Lines(v.value))
	}
	return &file
}
