package gateway

import (
	"context"
	"net/http"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
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

// respond answers with a document. Its text is made first, and then shown as if
// it came from the database: that takes less than to copy the document without
// what is not shown.
func (c *collection) respond(w http.ResponseWriter, r *http.Request, status int, scope string, doc map[string]any) error {
	return wire.Compose(w, status, func(dst []byte) ([]byte, error) {
		if c.view != nil {
			text, err := jsonvalue.Append(make([]byte, 0, 2048), doc)
			if err != nil {
				return dst, err
			}
			if out, ok := c.appendText(dst, string(text)); ok {
				return out, nil
			}
		}
		return c.appendDecoded(r.Context(), dst, scope, doc)
	})
}

// appendShown appends a stored document as answers show it.
func (c *collection) appendShown(ctx context.Context, dst []byte, scope, body string) ([]byte, error) {
	if out, ok := c.appendText(dst, body); ok {
		return out, nil
	}
	doc, err := store.Decode(body)
	if err != nil {
		return dst, err
	}
	return c.appendDecoded(ctx, dst, scope, doc)
}

// appendDecoded appends a document as answers show it.
func (c *collection) appendDecoded(ctx context.Context, dst []byte, scope string, doc map[string]any) ([]byte, error) {
	answer, err := c.shown(ctx, scope, doc)
	if err != nil {
		return dst, err
	}
	return jsonvalue.Append(dst, answer)
}

// appendText appends the text of a document as answers show it, or reports that it takes
// more than its text.
func (c *collection) appendText(dst []byte, text string) ([]byte, bool) {
	out, noted, ok := c.view.Append(dst, text)
	if !ok || c.former == nil {
		return out, ok
	}
	former, ok := c.former(noted)
	if !ok || former == nil {
		return out, ok
	}
	out, _, ok = c.view.AppendFormer(dst, text, former)
	return out, ok
}
