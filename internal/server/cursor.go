package server

import (
	"errors"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// cursorQuery reads page[size] and page[after].
func cursorQuery(r *http.Request) (store.Query, error) {
	params := r.URL.Query()
	size, err := pageSize(params, coreSize, coreMaxSize)
	return store.Query{Size: size, After: params.Get("page[after]"), Before: params.Get("page[before]")}, err
}

// pageError names the parameter of a cursor that leads nowhere.
func pageError(q store.Query, err error) error {
	switch {
	case !errors.Is(err, store.ErrBadCursor):
		return err
	case q.After != "":
		return parameterError("page[after]", "does not continue this list")
	}
	return parameterError("page[before]", "does not continue this list")
}

// cursorMeta says where the pages beside one are.
func cursorMeta(r *http.Request, size int, page store.Page) map[string]any {
	meta := map[string]any{"size": size, "next": nil, "previous": nil}
	for name, place := range map[string]struct{ param, cursor string }{
		"next":     {"page[after]", page.Next},
		"previous": {"page[before]", page.Previous},
	} {
		if place.cursor != "" {
			meta[name] = samePath(r, place.param, place.cursor)
		}
	}
	return meta
}
