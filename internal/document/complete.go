package document

import (
	"context"
	"encoding/json"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// later are the automatic values of a plan: nobody knows them yet.
var later = schema.Auto{
	UUID:      func() any { return schema.Unknown },
	Random:    func() any { return schema.Unknown },
	Timestamp: func() any { return schema.Unknown },
}

// StandIns are automatic values for a judgement: checks that look at a whole
// record would not be made if a part of it was unknown.
var StandIns = schema.Auto{
	UUID:      func() any { return "00000000-0000-4000-8000-000000000000" },
	Random:    func() any { return "00000000000000000000000000000000" },
	Timestamp: func() any { return json.Number("1") },
}

// Complete fills in what the schema knows: defaults, and old names translated
// to new ones. Automatic values are [schema.Unknown]. Every side of a
// comparison goes through it, so that what a server adds by itself is no
// difference.
func Complete(ctx context.Context, s *schema.Schema, doc map[string]any) (map[string]any, *schema.Errors) {
	return s.Complete(ctx, doc, schema.Insert, later)
}

// CompleteAnswer is [Complete] for what a server sent. What the schema cannot
// process stays as it came, and automatic values are the server's.
func CompleteAnswer(ctx context.Context, s *schema.Schema, doc map[string]any) map[string]any {
	if s == nil {
		return doc
	}
	doc = Coerce(s, OmitNulls(doc))
	out, errs := Complete(ctx, s, doc)
	if errs != nil {
		return doc
	}
	for _, f := range s.Fields {
		if f.Auto {
			out[f.Name] = doc[f.Name]
		}
	}
	return OmitUnknown(out)
}

// OmitNulls returns a document without the null entries of its objects. Null
// elements of lists stay: the others keep their index.
func OmitNulls(doc map[string]any) map[string]any {
	out, _ := OmitNullsIn(doc).(map[string]any)
	return out
}

// OmitNullsIn is [OmitNulls] for any value.
func OmitNullsIn(v any) any {
	return schema.Walk(nil, v, func(c *schema.Cursor) bool {
		if n := len(c.Path); n > 0 && c.Value == nil && c.Path[n-1].IsKey() {
			c.Delete()
		}
		return true
	})
}

// FillMade replaces the values that a server was to make by those it has made
// before. Other unknown values depend on the configuration and stay unknown.
func FillMade(f *schema.Field, filled, known any) any {
	return schema.Walk(f, filled, func(c *schema.Cursor) bool {
		if c.Field != nil && c.Field.Auto && schema.IsUnknown(c.Value) {
			if made := c.Path.Get(known); made != nil {
				c.Replace(made)
			}
		}
		return true
	})
}

// OmitUnknown returns a document without unknown entries: what a request can
// hold.
func OmitUnknown(doc map[string]any) map[string]any {
	out, _ := schema.Walk(nil, doc, func(c *schema.Cursor) bool {
		if schema.IsUnknown(c.Value) {
			c.Delete()
		}
		return true
	}).(map[string]any)
	return out
}
