package schema

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

const draft4 = "http://json-schema.org/draft-04/schema#"

// jsonSchema judges fields of type json by a JSON Schema document.
type jsonSchema struct {
	inline    *jsonschema.Schema
	fault     error // the document itself is no JSON Schema
	optional  bool
	namespace string
	parentKey string
}

func compileJSONSchema(v any) *jsonSchema {
	m, _ := v.(map[string]any)
	js := &jsonSchema{}
	js.optional, _ = m["optional"].(bool)
	js.namespace, _ = m["namespace"].(string)
	js.parentKey, _ = m["parent_subschema_key"].(string)
	document := m["inline"]
	if document == nil {
		document = m["default"]
	}
	if document != nil {
		js.inline, js.fault = compileDocument(document)
	}
	return js
}

// refuseLoader keeps $ref from loading files or network addresses.
type refuseLoader struct{}

func (refuseLoader) Load(string) (any, error) { return nil, errForeign }

var errForeign = errors.New("not part of the schema")

// documentURL is the address of every document: no place on any machine.
const documentURL = "document:///schema.json"

func compileDocument(document any) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	c.UseLoader(refuseLoader{})
	err := c.AddResource(documentURL, document)
	if err == nil {
		var compiled *jsonschema.Schema
		if compiled, err = c.Compile(documentURL); err == nil {
			return compiled, nil
		}
	}
	return nil, errors.New(describeDocument(document, err))
}

// checkDocument judges a JSON Schema document that a definition carries.
func checkDocument(document any) any {
	m, ok := document.(map[string]any)
	if !ok {
		if list, isList := document.([]any); !isList || len(list) > 0 {
			return "schema must be a table"
		}
		return nil
	}
	if declared, ok := m["$schema"]; ok && declared != draft4 {
		return fmt.Sprintf("unsupported document $schema: '%s', expected: %s", toText(declared), draft4)
	}
	if _, err := compileDocument(document); err != nil {
		return "not a valid JSON Schema: " + err.Error()
	}
	return nil
}

// json judges a field of type json. It judges null too, since the document
// decides whether that is valid.
func (r *run) json(f *Field, m map[string]any, v any) node {
	js := f.json
	if HasUnknown(v) {
		return nil
	}
	if js.inline == nil && js.fault == nil {
		return r.jsonWithout(f, m)
	}
	if js.fault != nil {
		return r.violation(f, "raised", "the JSON Schema cannot be used: "+js.fault.Error())
	}
	err := js.inline.Validate(v)
	if err == nil {
		return nil
	}
	var fault *jsonschema.ValidationError
	if !errors.As(err, &fault) {
		return r.violation(f, "json", err.Error())
	}
	return r.violation(f, "json", describeJSON(fault, v))
}

// jsonWithout reports that no document applies, unless the field allows that.
// There is no registry of other documents: it belongs to Wasm filters.
func (r *run) jsonWithout(f *Field, m map[string]any) node {
	js := f.json
	if js.optional {
		return nil
	}
	name := js.namespace
	if js.parentKey != "" {
		parent := m[js.parentKey]
		if parent == nil {
			return r.violation(f, "json", fmt.Sprintf(
				"validation of %s depends on the parent attribute %s, but it is not set", f.Name, js.parentKey))
		}
		name += "/" + toText(parent)
	}
	return r.violation(f, "json", fmt.Sprintf("mandatory json schema for field (%s) not found", name))
}

// describeJSON words the first fault the way Kong's JSON Schema validator
// does: "property a validation failed: wrong type: expected string, got integer".
func describeJSON(fault *jsonschema.ValidationError, v any) string {
	for len(fault.Causes) > 0 {
		if !isWrapper(fault.ErrorKind) {
			break
		}
		fault = firstCause(fault.Causes)
	}
	prefix := ""
	at := v
	for _, step := range fault.InstanceLocation {
		switch container := at.(type) {
		case map[string]any:
			prefix += "property " + step + " validation failed: "
			at = container[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(container) {
				return prefix + "invalid value"
			}
			prefix += fmt.Sprintf("failed to validate item %d: ", i+1)
			at = container[i]
		}
	}
	return prefix + describeKind(fault.ErrorKind, at)
}

func isWrapper(k jsonschema.ErrorKind) bool {
	switch k.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference:
		return true
	}
	return false
}

// firstCause returns the cause at the first place, so that the text is always
// the same.
func firstCause(causes []*jsonschema.ValidationError) *jsonschema.ValidationError {
	first := causes[0]
	for _, c := range causes[1:] {
		if strings.Join(c.InstanceLocation, "/") < strings.Join(first.InstanceLocation, "/") {
			first = c
		}
	}
	return first
}

func describeKind(k jsonschema.ErrorKind, v any) string {
	switch k := k.(type) {
	case *kind.Type:
		return fmt.Sprintf("wrong type: expected %s, got %s", expectedType(k.Want), jsonTypeOf(v))
	case *kind.Required:
		return fmt.Sprintf("property %s is required", k.Missing[0])
	case *kind.AdditionalProperties:
		return fmt.Sprintf("additional properties forbidden, found %s", k.Properties[0])
	case *kind.Enum:
		return "matches none of the enum values"
	case *kind.Minimum:
		return fmt.Sprintf("expected %s to be greater than %s", toText(v), k.Want.RatString())
	case *kind.Maximum:
		return fmt.Sprintf("expected %s to be smaller than %s", toText(v), k.Want.RatString())
	case *kind.ExclusiveMinimum:
		return fmt.Sprintf("expected %s to be strictly greater than %s", toText(v), k.Want.RatString())
	case *kind.ExclusiveMaximum:
		return fmt.Sprintf("expected %s to be strictly smaller than %s", toText(v), k.Want.RatString())
	case *kind.MultipleOf:
		return fmt.Sprintf("expected %s to be a multiple of %s", toText(v), k.Want.RatString())
	case *kind.MinLength:
		return fmt.Sprintf("string too short, expected at least %d, got %d", k.Want, k.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("string too long, expected at most %d, got %d", k.Want, k.Got)
	case *kind.Pattern:
		return fmt.Sprintf("failed to match pattern %q with %q", k.Want, k.Got)
	case *kind.MinItems:
		return fmt.Sprintf("expect array to have at least %d items", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("expect array to have at most %d items", k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("expected unique items but items %d and %d are equal", k.Duplicates[0]+1, k.Duplicates[1]+1)
	case *kind.MinProperties:
		return fmt.Sprintf("expect object to have at least %d properties", k.Want)
	case *kind.MaxProperties:
		return fmt.Sprintf("expect object to have at most %d properties", k.Want)
	case *kind.OneOf:
		if len(k.Subschemas) > 1 {
			return fmt.Sprintf("value should match only one schema, but matches both schemas %d and %d", k.Subschemas[0]+1, k.Subschemas[1]+1)
		}
		return "value should match only one schema, but matches none"
	case *kind.AnyOf:
		return "object matches none of the required"
	case *kind.Not:
		return "value wasn't supposed to match schema"
	case *kind.AllOf:
		return "allOf failed"
	}
	return "does not match the JSON Schema"
}

func expectedType(want []string) string {
	if len(want) == 1 {
		return want[0]
	}
	return "one of " + strings.Join(want, ", ")
}

func jsonTypeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	default:
		if f, ok := toFloat(v); ok && f == float64(int64(f)) {
			return "integer"
		}
		return "number"
	}
}
