package ui

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// get asks the API for one document.
func (v *visit) get(path string) (map[string]any, error) {
	var doc map[string]any
	err := v.api.Do(v.Context(), http.MethodGet, path, nil, &doc)
	return doc, err
}

// listing is one page of a collection.
type listing struct {
	Items []map[string]any
	Next  string // the address that shows the next ones; "" at the end
}

// positions are the parameters by which collections of the API say where a page begins.
var positions = []string{"offset", "page[number]", "page[after]", "page[next_cursor]"}

// list asks for a page of a collection. A parameter of the visit says which: the one
// that an earlier listing has in its Next.
func (v *visit) list(t *entity.Type, path string, size int, parameter string) (listing, error) {
	query, sized := url.Values{}, "size"
	if t.Family != entity.Core {
		sized = "page[size]"
	}
	if at, err := url.ParseQuery(v.FormValue(parameter)); err == nil {
		maps.Copy(query, at)
	}
	maps.DeleteFunc(query, func(name string, _ []string) bool { return !slices.Contains(positions, name) })
	query.Set(sized, strconv.Itoa(size))
	docs, next, err := v.api.Page(v.Context(), t.Family, path, query)
	if err != nil || next == nil {
		return listing{Items: docs}, err
	}
	next.Del(sized)
	here := v.URL.Query()
	here.Set(parameter, next.Encode())
	return listing{docs, "?" + here.Encode()}, nil
}

// collection is the path of the entities of a type in the control plane of a visit.
func (v *visit) collection(t *entity.Type) string {
	path, _ := client.Ref{Type: t, Parents: []string{jsonvalue.Text(v.plane["id"])}}.Path() // the API has shown the id
	return path
}

// member is the path of an entity in the control plane of a visit.
func (v *visit) member(t *entity.Type, id string) string {
	return v.collection(t) + "/" + url.PathEscape(id)
}
