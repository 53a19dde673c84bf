// Command contract reads Konnect's OpenAPI description and writes the facts
// about answers: for each operation the statuses, their content types and the
// shapes of these. It leaves out texts, examples, defaults and requests. The
// tests of the server compare every answer with that file, in which a reference
// is the name of a shape.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	from := flag.String("from", "", "Konnect's description, in YAML or JSON")
	to := flag.String("to", "testdata/konnect.json", "file to write")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		log.Fatal(err)
	}
}

func run(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("-from names the description: %w", err)
	}
	// It calls itself 3.1 and says nullable, as 3.0 does: read as 3.1, a null
	// would be wrong wherever it is allowed.
	text = bytes.Replace(text, []byte("openapi: 3.1.0"), []byte("openapi: 3.0.3"), 1)
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return err
	}
	if doc.Paths.Len() == 0 {
		return errors.New("the description has no paths")
	}
	closeAll(doc.Components.Schemas)
	for _, kind := range doc.Components.Schemas["Partial"].Value.OneOf {
		unset(kind.Value.Properties["config"])
	}
	f := facts{shapes: openapi3.Schemas{}}
	operations := map[string]any{}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			operations[method+" "+path] = f.answers(o)
		}
	}
	var out bytes.Buffer
	out.WriteString("{\"operations\": {\n")
	lines(&out, operations)
	out.WriteString("}, \"shapes\": {\n")
	lines(&out, f.shapes)
	out.WriteString("}}\n")
	return os.WriteFile(to, bytes.ReplaceAll(out.Bytes(), []byte(`"$ref":"#/components/schemas/`), []byte(`"$ref":"`)), 0o644)
}

// lines writes members one a line, so that a difference can be read.
func lines[V any](out *bytes.Buffer, members map[string]V) {
	for i, name := range slices.Sorted(maps.Keys(members)) {
		if i > 0 {
			out.WriteString(",\n")
		}
		text, err := json.Marshal(map[string]V{name: members[name]})
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		out.Write(text[1 : len(text)-1])
	}
	out.WriteByte('\n')
}

// closeAll makes shapes refuse unknown members, unless they say otherwise. A
// shape that is a part of others must not, since it does not know theirs.
func closeAll(shapes openapi3.Schemas) {
	parts := map[*openapi3.Schema]bool{}
	for _, s := range shapes {
		for _, part := range s.Value.AllOf {
			parts[part.Value] = true
			for _, choice := range part.Value.OneOf {
				parts[choice.Value] = true
			}
		}
	}
	for name, s := range shapes {
		v := s.Value
		// Clients know members of these that are described nowhere: consumers (see
		// list_consumers) and allow_all_control_planes.
		if parts[v] || name == "ConsumerGroupInsideWrapper" || name == "ConsumerRealm" || len(v.AllOf) > 0 || len(v.Properties) == 0 {
			continue
		}
		if v.AdditionalProperties.Has == nil && v.AdditionalProperties.Schema == nil {
			v.AdditionalProperties.Has = new(bool)
		}
	}
}

// unset allows null for what is below a shape. The configuration of a partial
// has every field of its kind, null where nothing is set, as that of a plugin
// has: decK relies on it, and the description does not say it.
func unset(s *openapi3.SchemaRef) {
	for _, p := range s.Value.Properties {
		if !p.Value.Nullable {
			p.Value.Nullable = true
			if p.Value.Enum != nil {
				p.Value.Enum = append(p.Value.Enum, nil)
			}
			unset(p)
		}
	}
	if s.Value.Items != nil {
		unset(s.Value.Items)
	}
}

// facts gathers the shapes that answers refer to, by name.
type facts struct{ shapes openapi3.Schemas }

// answers are the shapes of an operation's answers by status and content type.
func (f facts) answers(o *openapi3.Operation) map[string]map[string]*openapi3.SchemaRef {
	out := map[string]map[string]*openapi3.SchemaRef{}
	for status, response := range o.Responses.Map() {
		out[status] = map[string]*openapi3.SchemaRef{}
		for kind, media := range response.Value.Content {
			f.strip(media.Schema)
			out[status][kind] = media.Schema
		}
	}
	return out
}

// strip keeps only the rules of a shape, and of the shapes below it, that an
// answer can break.
func (f facts) strip(s *openapi3.SchemaRef) {
	if s == nil {
		return
	}
	if name := strings.TrimPrefix(s.Ref, "#/components/schemas/"); s.Ref != "" {
		if f.shapes[name] != nil {
			return
		}
		f.shapes[name] = &openapi3.SchemaRef{Value: s.Value}
	}
	v := s.Value
	v.Extensions, v.Title, v.Description, v.Example, v.Default, v.ExternalDocs = nil, "", "", nil, nil, nil
	v.Examples, v.Deprecated, v.ReadOnly = nil, false, false
	for _, p := range v.Properties {
		f.strip(p)
	}
	for _, e := range slices.Concat(v.OneOf, v.AnyOf, v.AllOf, openapi3.SchemaRefs{v.Not, v.Items, v.AdditionalProperties.Schema}) {
		f.strip(e)
	}
}
