package server

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
)

// about is what the description says of an endpoint besides its path.
type about struct {
	query   []queryParameter
	body    shape // nil: it takes none
	answers answers
	// accepted are further forms of the answer, by media type.
	accepted map[string]shape
}

// answers are those of success, by status; nil stands for an empty one.
type answers map[int]shape

// queryParameter is one of the query.
type queryParameter struct {
	name  string
	shape shape
}

// operation is an endpoint with what is said of it.
type operation struct {
	method, path string
	about
}

// serve registers an endpoint with its description: there is no way to have
// one without the other.
func (s *api) serve(pattern string, a about, e wire.Endpoint) {
	s.describe(pattern, a)
	s.handle(pattern, e)
}

func (s *api) describe(pattern string, a about) {
	method, path, _ := strings.Cut(pattern, " ")
	s.operations = append(s.operations, operation{method, path, a})
}

func (s *api) descriptionRoutes() {
	s.serve("GET /openapi.json", about{answers: answers{http.StatusOK: anything}}, s.getDescription)
	state := object(map[string]shape{"status": typed("string")}, "status")
	s.describe("GET /healthz", about{answers: answers{http.StatusOK: state}})
	s.describe("GET /readyz", about{answers: answers{http.StatusOK: state, http.StatusServiceUnavailable: state}})
}

// getDescription answers with the server's own description, which is made when
// it is first asked for.
func (s *api) getDescription(w http.ResponseWriter, _ *http.Request) error {
	return wire.Write(w, http.StatusOK, s.description())
}

// description collects the named shapes that operations refer to.
type description struct {
	schemas map[string]any
}

func (s *api) newDescription() map[string]any {
	d := &description{schemas: map[string]any{}}
	paths := map[string]any{}
	for _, o := range s.operations {
		item, _ := paths[o.path].(map[string]any)
		if item == nil {
			item = map[string]any{}
			if parameters := pathParameters(o.path); len(parameters) > 0 {
				item["parameters"] = parameters
			}
			paths[o.path] = item
		}
		item[strings.ToLower(o.method)] = d.operation(o)
	}
	return map[string]any{
		"openapi": "3.0.3",
		"info": map[string]any{
			"title":       "Konnect control plane",
			"version":     "1",
			"description": "What this server serves, made from its own table of entities and endpoints.",
		},
		"paths": paths,
		"components": map[string]any{
			"schemas":         d.schemas,
			"responses":       d.errors(),
			"securitySchemes": map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer"}},
		},
		"security": []any{map[string]any{"token": []any{}}},
	}
}

var wildcard = regexp.MustCompile(`\{([A-Za-z]+)\}`)

func pathParameters(path string) []any {
	var parameters []any
	for _, m := range wildcard.FindAllStringSubmatch(path, -1) {
		parameters = append(parameters, map[string]any{
			"name": m[1], "in": "path", "required": true, "schema": map[string]any{"type": "string"},
		})
	}
	return parameters
}

func (d *description) operation(o operation) map[string]any {
	out := map[string]any{"operationId": operationID(o)}
	if len(o.query) > 0 {
		parameters := make([]any, len(o.query))
		for i, p := range o.query {
			parameters[i] = map[string]any{"name": p.name, "in": "query", "schema": p.shape(d)}
		}
		out["parameters"] = parameters
	}
	if o.body != nil {
		out["requestBody"] = map[string]any{"required": true, "content": jsonContent("application/json", o.body(d))}
	}
	responses := map[string]any{}
	for status, answer := range o.answers {
		response := map[string]any{"description": http.StatusText(status)}
		if answer != nil {
			content := jsonContent("application/json", answer(d))
			for media, form := range o.accepted {
				maps.Copy(content, jsonContent(media, form(d)))
			}
			response["content"] = content
		}
		responses[strconv.Itoa(status)] = response
	}
	d.addErrors(o, responses)
	out["responses"] = responses
	return out
}

// operationID is made of the method and what of the path is fixed.
func operationID(o operation) string {
	words := []string{strings.ToLower(o.method)}
	for segment := range strings.SplitSeq(strings.Trim(o.path, "/"), "/") {
		if m := wildcard.FindStringSubmatch(segment); m != nil {
			segment = "by-" + m[1]
		}
		words = append(words, segment)
	}
	return strings.Join(words, "-")
}

func jsonContent(media string, schema map[string]any) map[string]any {
	return map[string]any{media: map[string]any{"schema": schema}}
}

// probed are answered without a token and never refused.
func probed(o operation) bool { return slices.Contains(probes, o.path) }

// failures are the statuses of requests that were not served, by dialect. Any
// endpoint may answer with any of them.
var failureStatuses = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
	http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
}

func (d *description) addErrors(o operation, responses map[string]any) {
	if probed(o) {
		return
	}
	name := familyNames[fault.Dialect(o.method, o.path)] + "Error"
	for _, status := range failureStatuses {
		responses[strconv.Itoa(status)] = map[string]any{"$ref": "#/components/responses/" + name}
	}
}

var familyNames = map[entity.Family]string{entity.Core: "Core", entity.Platform: "Platform", entity.Legacy: "Legacy"}

// errors are the bodies of refusals in each dialect.
func (d *description) errors() map[string]any {
	detail := object(map[string]shape{
		"@type": typed("string"), "type": typed("string"), "field": typed("string"), "messages": listOf(typed("string")),
	}, "@type", "messages")
	parameter := object(map[string]shape{
		"field": typed("string"), "rule": typed("string"), "reason": typed("string"), "source": typed("string"),
		"minimum": anything, "maximum": anything, "choices": listOf(anything),
	}, "field", "reason")
	out := map[string]any{}
	for name, dialect := range map[string]struct {
		media string
		body  shape
	}{
		"Core": {"application/json", object(map[string]shape{
			"code": typed("integer"), "message": typed("string"), "details": listOf(detail), "status": typed("integer"),
		}, "message")},
		"Legacy": {"application/json", object(map[string]shape{"message": typed("string")}, "message")},
		"Platform": {"application/problem+json", object(map[string]shape{
			"status": typed("integer"), "title": typed("string"), "instance": typed("string"), "detail": typed("string"),
			"invalid_parameters": listOf(parameter),
		}, "status", "title", "instance", "detail")},
	} {
		d.schemas[name+"Error"] = dialect.body(d)
		out[name+"Error"] = map[string]any{
			"description": "The request was not served.",
			"content":     jsonContent(dialect.media, map[string]any{"$ref": "#/components/schemas/" + name + "Error"}),
		}
	}
	return out
}
