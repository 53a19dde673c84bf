package store

import (
	"context"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// eachSize is how many documents are read at a time.
const eachSize = 1000

// Reader is the store or a transaction of it.
type Reader interface {
	Get(ctx context.Context, t *entity.Type, scope, key string) (map[string]any, error)
	List(ctx context.Context, t *entity.Type, scope string, q Query) (Page, error)
}

// Each reads the documents of a type that have certain foreign keys (nil: all
// of them), a page at a time, in the order in which they were created.
func Each(ctx context.Context, from Reader, t *entity.Type, scope string, refs map[string]string, visit func(doc map[string]any) error) error {
	q := Query{Size: eachSize, Ref: refs}
	for {
		page, err := from.List(ctx, t, scope, q)
		if err != nil {
			return err
		}
		for _, doc := range page.Docs {
			if err := visit(doc); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}

// All is [Each] for types with few documents.
func All(ctx context.Context, from Reader, t *entity.Type, scope string, refs map[string]string) ([]map[string]any, error) {
	var docs []map[string]any
	err := Each(ctx, from, t, scope, refs, func(doc map[string]any) error {
		docs = append(docs, doc)
		return nil
	})
	return docs, err
}

// DeleteAll deletes the documents that have certain foreign keys. It always
// reads the first page again, until that is empty.
func DeleteAll(ctx context.Context, tx *Tx, t *entity.Type, scope string, refs map[string]string) error {
	for {
		page, err := tx.List(ctx, t, scope, Query{Size: eachSize, Ref: refs})
		if err != nil || len(page.Docs) == 0 {
			return err
		}
		for _, doc := range page.Docs {
			id, _ := doc["id"].(string)
			if err := tx.Delete(ctx, t, scope, id); err != nil {
				return err
			}
		}
	}
}
