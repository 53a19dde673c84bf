package catalogue

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/dao"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/fault"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/openapi"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/platform"
	"github.com/openkonnect/terraform-provider-konnect/internal/server/wire"
	"github.com/openkonnect/terraform-provider-konnect/internal/store"
)

// documentTree is the media type by which clients ask for pages below pages.
const documentTree = "application/vnd.konnect.document-tree+json"

// documents are pages about a product. Their lists are irregular: they show
// only some fields of each page, or all pages as a tree.
func (s *Catalogue) documents(products *platform.Collection) *platform.Collection {
	c := &platform.Collection{
		DAO: s.DAO, Type: entity.APIProductDocument, Above: products, ID: "id", Patch: true,
		Present: func(_ context.Context, _ store.Reader, doc map[string]any) (map[string]any, error) {
			out := platform.Present(entity.APIProductDocument, doc)
			out["metadata"] = doc["metadata"]
			out["ast"] = blocks(jsonvalue.Text(doc["content"]))
			return out, nil
		},
		Saved: func(ctx context.Context, tx *store.Tx, _, doc map[string]any) error { return rooted(ctx, tx, doc) },
		Taken: map[string]error{"slug": fault.Conflict("another document in the same place has the slug")},
	}
	summary := openapi.Whole(openapi.Members{
		"id": openapi.Text, "parent_document_id": openapi.Nullable(openapi.Text), "slug": openapi.Text,
		"title": openapi.Text, "status": openapi.Text, "created_at": openapi.Text, "updated_at": openapi.Text,
	})
	c.Listed = openapi.OK(openapi.NumberPage(summary)).Asking(c.ListParameters())
	c.Listed.Accepted = openapi.Members{documentTree: openapi.NumberPage(openapi.AnyObject)}
	c.Lists = func(w http.ResponseWriter, r *http.Request) error {
		if strings.Contains(r.Header.Get("Accept"), documentTree) {
			return listTree(c, w, r)
		}
		return listSummaries(c, w, r)
	}
	return c
}

var summaryFields = []string{"id", "parent_document_id", "slug", "title", "status", "created_at", "updated_at"}

// rooted refuses a parent that is a page of another product, the page itself,
// or a page below it.
func rooted(ctx context.Context, tx *store.Tx, doc map[string]any) error {
	for above := jsonvalue.Text(doc["parent_document_id"]); above != ""; {
		parent, err := tx.Get(ctx, entity.APIProductDocument, "", above)
		if err != nil {
			return err
		}
		product, _ := doc["api_product"].(map[string]any)
		switch {
		case !dao.RefersTo(parent["api_product"], jsonvalue.Text(product["id"])):
			return fault.Violation("parent_document_id", "missing_reference", "must be a document of the same product")
		case parent["id"] == doc["id"]:
			return fault.Violation("parent_document_id", "cycle", "must not be the document itself or one below it")
		}
		above = jsonvalue.Text(parent["parent_document_id"])
	}
	return nil
}

func listSummaries(c *platform.Collection, w http.ResponseWriter, r *http.Request) error {
	p, q, err := c.Asked(r)
	if err != nil {
		return err
	}
	page, err := c.Store.List(r.Context(), c.Type, p.Scope, p.Narrow(q))
	if err != nil {
		return err
	}
	data := make([]any, len(page.Docs))
	for i, doc := range page.Docs {
		data[i] = only(doc, summaryFields)
	}
	return wire.Write(w, http.StatusOK, c.Pages.Answer(r, q, page, data))
}

func only(doc map[string]any, names []string) map[string]any {
	out := map[string]any{}
	for _, name := range names {
		out[name] = doc[name]
	}
	return out
}

// listTree shows pages with the pages below them; pages of the list count only
// those at the top.
func listTree(c *platform.Collection, w http.ResponseWriter, r *http.Request) error {
	p, q, err := c.Asked(r)
	if err != nil {
		return err
	}
	docs, err := store.All(r.Context(), c.Store, c.Type, p.Scope, p.Refs)
	if err != nil {
		return err
	}
	roots := branches(docs)
	first := min((q.Number-1)*q.Size, len(roots))
	page := store.Page{Total: len(roots)}
	shown := roots[first:min(first+q.Size, len(roots))]
	return wire.WriteAs(w, documentTree, http.StatusOK, c.Pages.Answer(r, q, page, shown))
}

// branches puts documents below their parents and returns those without.
func branches(docs []map[string]any) []any {
	nodes := map[string]map[string]any{}
	for _, doc := range docs {
		node := only(doc, append(slices.Clone(summaryFields), "metadata"))
		node["children"] = []any{}
		nodes[jsonvalue.Text(doc["id"])] = node
	}
	roots := []any{}
	for _, doc := range docs {
		node := nodes[jsonvalue.Text(doc["id"])]
		if above := nodes[jsonvalue.Text(doc["parent_document_id"])]; above != nil {
			above["children"] = append(above["children"].([]any), node)
			continue
		}
		roots = append(roots, node)
	}
	return roots
}

// blocks splits Markdown into the blocks that portals lay out: headings, code
// and paragraphs. The content of a paragraph stays text.
func blocks(content string) []any {
	out := []any{}
	var paragraph, code []string
	fence := ""
	flush := func() {
		if len(paragraph) > 0 {
			out = append(out, block("paragraph", strings.Join(paragraph, "\n"), nil))
		}
		paragraph = nil
	}
	for line := range strings.Lines(content) {
		line = strings.TrimRight(line, "\r\n")
		language, fenced := strings.CutPrefix(line, "```")
		level := len(line) - len(strings.TrimLeft(line, "#"))
		switch {
		case fenced && fence == "":
			flush()
			fence, code = "```", []string{language}
		case fenced:
			out = append(out, block("code_block", strings.Join(code[1:], "\n"), map[string]any{"lang": code[0]}))
			fence = ""
		case fence != "":
			code = append(code, line)
		case level > 0 && level <= 6 && strings.HasPrefix(line[level:], " "):
			flush()
			out = append(out, block("heading", strings.TrimSpace(line[level:]), map[string]any{"level": level}))
		case strings.TrimSpace(line) == "":
			flush()
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	if fence != "" {
		out = append(out, block("code_block", strings.Join(code[1:], "\n"), map[string]any{"lang": code[0]}))
	}
	return out
}

func block(kind, content string, more map[string]any) map[string]any {
	out := map[string]any{"type": kind, "children": []any{map[string]any{"type": "text", "text": content}}}
	maps.Copy(out, more)
	return out
}
