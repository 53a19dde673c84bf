// Package openapi makes the server's description of itself, OpenAPI 3.0. A
// [Description] collects what endpoints say of themselves ([About]) when they
// are registered; a [Shape] describes a body, from the table of entities
// ([AnswerOf], [RequestOf]) or put together here ([Whole], [ListOf]).
//
// The package does not know the handlers of the endpoints.
package openapi

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

// About is what the description says of an endpoint besides its path.
type About struct {
	Query   Members
	Body    Shape         // nil: it takes none
	Answers map[int]Shape // those of success, by status; nil stands for an empty one
	// Accepted are further forms of the answer, by media type.
	Accepted Members
	// Probe says that every client may call the endpoint.
	Probe bool
}

// OK is an endpoint that answers 200.
func OK(answer Shape) About { return About{Answers: map[int]Shape{http.StatusOK: answer}} }

// Created is an endpoint that answers 201.
func Created(answer Shape) About { return About{Answers: map[int]Shape{http.StatusCreated: answer}} }

// Empty is an endpoint that answers 204.
func Empty() About { return About{Answers: map[int]Shape{http.StatusNoContent: nil}} }

// With is an endpoint that takes a body.
func (a About) With(body Shape) About {
	a.Body = body
	return a
}

// Asking is an endpoint that takes these parameters of the query.
func (a About) Asking(query Members) About {
	a.Query = query
	return a
}

// Register registers an endpoint, for a pattern of [net/http.ServeMux], and its
// description: so no endpoint is without one.
type Register func(pattern string, a About, e wire.Endpoint)

// operation is an endpoint with what is said of it.
type operation struct {
	method, path string
	About
}

// Description is what is said of all endpoints.
type Description struct{ operations []operation }

// Add describes the endpoint of a pattern of [net/http.ServeMux].
func (d *Description) Add(pattern string, a About) {
	method, path, _ := strings.Cut(pattern, " ")
	d.operations = append(d.operations, operation{method, path, a})
}

// parts collects the named shapes that operations refer to.
type parts struct{ schemas map[string]any }

// Document renders the description as OpenAPI 3.0 has it.
func (d *Description) Document() map[string]any {
	p := &parts{schemas: map[string]any{}}
	paths := map[string]any{}
	for _, o := range d.operations {
		item, _ := paths[o.path].(map[string]any)
		if item == nil {
			item = map[string]any{}
			if parameters := pathParameters(o.path); len(parameters) > 0 {
				item["parameters"] = parameters
			}
			paths[o.path] = item
		}
		item[strings.ToLower(o.method)] = p.operation(o)
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
			"schemas":         p.schemas,
			"responses":       p.errors(),
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

func (p *parts) operation(o operation) map[string]any {
	out := map[string]any{"operationId": operationID(o)}
	if len(o.Query) > 0 {
		parameters := make([]any, len(o.Query))
		for i, name := range slices.Sorted(maps.Keys(o.Query)) {
			parameters[i] = map[string]any{"name": name, "in": "query", "schema": o.Query[name](p)}
		}
		out["parameters"] = parameters
	}
	if o.Body != nil {
		out["requestBody"] = map[string]any{"required": true, "content": jsonContent("application/json", o.Body(p))}
	}
	responses := map[string]any{}
	for status, answer := range o.Answers {
		response := map[string]any{"description": http.StatusText(status)}
		if answer != nil {
			content := jsonContent("application/json", answer(p))
			for media, form := range o.Accepted {
				maps.Copy(content, jsonContent(media, form(p)))
			}
			response["content"] = content
		}
		responses[strconv.Itoa(status)] = response
	}
	p.addErrors(o, responses)
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

// failureStatuses are those of requests that were not served. Any endpoint
// may answer with any of them.
var failureStatuses = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
	http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
	http.StatusGatewayTimeout, http.StatusInsufficientStorage,
}

func (p *parts) addErrors(o operation, responses map[string]any) {
	if o.Probe {
		return
	}
	name := familyNames[fault.Dialect(o.method, o.path)] + "Error"
	for _, status := range failureStatuses {
		responses[strconv.Itoa(status)] = map[string]any{"$ref": "#/components/responses/" + name}
	}
}

var familyNames = map[entity.Family]string{entity.Core: "Core", entity.Platform: "Platform", entity.Legacy: "Legacy"}

// errors are the bodies of refusals in each dialect.
func (p *parts) errors() map[string]any {
	detail := Object(Members{
		"@type": Text, "type": Text, "field": Text, "messages": ListOf(Text),
	}, "@type", "messages")
	parameter := Object(Members{
		"field": Text, "rule": Text, "reason": Text, "source": Text,
		"minimum": Anything, "maximum": Anything, "choices": ListOf(Anything),
	}, "field", "reason")
	out := map[string]any{}
	for name, dialect := range map[string]struct {
		media string
		body  Shape
	}{
		"Core": {"application/json", Object(Members{
			"code": Integer, "message": Text, "details": ListOf(detail), "status": Integer,
		}, "message")},
		"Legacy": {"application/json", Object(Members{"message": Text}, "message")},
		"Platform": {"application/problem+json", Object(Members{
			"status": Integer, "title": Text, "instance": Text, "detail": Text,
			"invalid_parameters": ListOf(parameter),
		}, "status", "title", "instance", "detail")},
	} {
		p.schemas[name+"Error"] = dialect.body(p)
		out[name+"Error"] = map[string]any{
			"description": "The request was not served.",
			"content":     jsonContent(dialect.media, map[string]any{"$ref": "#/components/schemas/" + name + "Error"}),
		}
	}
	return out
}
