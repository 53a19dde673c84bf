package client

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// Ref addresses an entity, or a collection where Key is empty.
type Ref struct {
	Type *entity.Type
	// Parents are the ids of the entities that it belongs to, from the root
	// down: for a service, that of its control plane. What is written below
	// another entity than it is listed below has both places.
	Parents []string
	// Key is the id, or another value that addresses the entity.
	Key string
}

// Path returns the path of the entity or collection, escaped, from the
// leading slash on.
func (r Ref) Path() (string, error) {
	path, err := r.collection()
	if err != nil || r.Key == "" {
		return path, err
	}
	return path + "/" + escape(r.Key), checkKey(r.Type, r.Key)
}

// member is the path of one entity. An empty key would address the whole
// collection instead, which must not happen by accident.
func (r Ref) member() (string, error) {
	if r.Type != nil && r.Key == "" {
		return "", fmt.Errorf("a %s without an id cannot be addressed", r.Type.Title)
	}
	return r.Path()
}

func (r Ref) collection() (string, error) {
	if r.Type == nil {
		return "", fmt.Errorf("a reference without an entity type cannot be addressed")
	}
	place, owners := r.Type.Path, chain(r.Type)
	if written := r.Type.Owners(); len(r.Parents) == len(written) && len(written) > len(owners) {
		place, owners = cmp.Or(r.Type.Nested, path.Base(r.Type.Path)), written
	}
	parents := r.Parents
	for _, t := range slices.Backward(owners) {
		if len(parents) == 0 {
			return "", fmt.Errorf("a %s cannot be addressed without the id of its %s", r.Type.Title, t.Title)
		}
		id := parents[len(parents)-1]
		parents = parents[:len(parents)-1]
		if err := checkKey(t, id); err != nil {
			return "", err
		}
		above := t.Path
		if len(t.Owners()) > len(chain(t)) {
			above = cmp.Or(t.Nested, path.Base(t.Path))
		}
		place = above + "/" + escape(id) + "/" + place
	}
	if len(parents) > 0 {
		return "", fmt.Errorf("a %s has fewer parents than the %d given", r.Type.Title, len(r.Parents))
	}
	return "/" + place, nil
}

// chain are the types that the path of a type is below, from the root down.
func chain(t *entity.Type) (out []*entity.Type) {
	for p := t.Parent; p != nil; p = p.Parent {
		out = append([]*entity.Type{p}, out...)
	}
	return out
}

// checkKey refuses keys that would lead elsewhere: servers and proxies resolve
// dot segments before they look at a path.
func checkKey(t *entity.Type, key string) error {
	if key == "" || key == "." || key == ".." {
		return fmt.Errorf("%q cannot be the id of a %s", key, t.Title)
	}
	return nil
}

// escape makes a key one segment of a path.
func escape(key string) string { return url.PathEscape(key) }

// idIn returns the text that addresses the entity in a document of its type.
func idIn(t *entity.Type, doc map[string]any) string {
	id, _ := doc[t.Address()].(string)
	return id
}

// names reports whether key addresses the document, by id or otherwise.
// Servers may write a UUID in another case than they were asked in.
func names(t *entity.Type, doc map[string]any, key string) bool {
	if strings.EqualFold(idIn(t, doc), key) {
		return true
	}
	return t.Key != "" && doc[t.Key] == key
}
