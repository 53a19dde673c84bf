package gateway

import (
	"context"
	"net/http"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// Most of what is read is answered as it is stored, without decoding it: see
// [dao.View]. The rest, and what the view does not take, goes the longer way.

// showsStored reports whether the answer to a GET of one comes from the stored
// text alone.
func (c *collection) showsStored(r *http.Request) bool {
	return c.view != nil && c.parent == nil && c.typ.Envelope == "" && (c.attach == nil || r.URL.RawQuery == "")
}

// getStored is get for what shows its stored text.
func (c *collection) getStored(w http.ResponseWriter, r *http.Request, scope string) error {
	key := r.PathValue("id")
	if _, err := c.attribute(key, false); err != nil {
		return err
	}
	body, err := c.Store.Body(r.Context(), c.typ, scope, key)
	if err != nil {
		return err
	}
	return wire.Compose(w, http.StatusOK, func(dst []byte) ([]byte, error) {
		return c.appendShown(r.Context(), dst, scope, body)
	})
}

// answerStored is answerList for what shows its stored text.
func (c *collection) answerStored(w http.ResponseWriter, r *http.Request, scope string, q store.Query) error {
	page, err := c.Store.Bodies(r.Context(), c.typ, scope, q)
	if err != nil {
		return err
	}
	return wire.Compose(w, http.StatusOK, func(dst []byte) ([]byte, error) {
		return wire.AppendCorePage(dst, r, page, func(dst []byte, body string) ([]byte, error) {
			return c.appendShown(r.Context(), dst, scope, body)
		})
	})
}

// appendShown appends a stored document as answers show it.
func (c *collection) appendShown(ctx context.Context, dst []byte, scope, body string) ([]byte, error) {
	out, noted, ok := c.view.Append(dst, body)
	if ok && (c.extend == nil || c.plain(noted)) {
		return out, nil
	}
	doc, err := store.Decode(body)
	if err != nil {
		return dst, err
	}
	answer, err := c.shown(ctx, scope, doc)
	if err != nil {
		return dst, err
	}
	return jsonvalue.Append(dst, answer)
}

// withoutFormer reports whether [Gateway.showFormer] adds nothing to a plugin of
// that name, in quotes as JSON has it: a bundled one without deprecated fields.
func (s *Gateway) withoutFormer(quoted string) bool {
	p, bundled := s.bundled.Lookup(strings.Trim(quoted, `"`))
	if !bundled {
		return false
	}
	former, known := s.former.Load(p)
	if !known {
		former = hasFormer(p.Schema, map[*schema.Schema]bool{})
		s.former.Store(p, former)
	}
	return former == false
}

// hasFormer reports whether records of a schema may have deprecated fields that
// are shown.
func hasFormer(sc *schema.Schema, seen map[*schema.Schema]bool) bool {
	if sc == nil || seen[sc] {
		return false
	}
	seen[sc] = true
	for _, f := range sc.ShorthandFields {
		if f.Deprecation != nil {
			return true
		}
	}
	for _, f := range sc.Fields {
		for ; f != nil; f = elementOf(f) {
			if hasFormer(f.Record, seen) {
				return true
			}
		}
	}
	_, variants := sc.Variants()
	for _, variant := range variants {
		if hasFormer(variant, seen) {
			return true
		}
	}
	return false
}

// elementOf is the definition of what a list or map holds, or nil.
func elementOf(f *schema.Field) *schema.Field {
	if f.Elements != nil {
		return f.Elements
	}
	return f.Values
}
