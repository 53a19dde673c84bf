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

// StandIns are made-up automatic values for a judgement: checks of a whole record
// do not run while a part of it is unknown.
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

// CompleteAnswer is [Complete] for a document of the server. Automatic values are
// those of the server. A document that the schema cannot process stays as it is.
func CompleteAnswer(ctx context.Context, s *schema.Schema, doc map[string]any) map[string]any {
	if s == nil {
		return doc
	}
	doc, _ = OmitNulls(doc).(map[string]any)
	doc = Coerce(s, doc)
	doc = s.WithoutFormer(doc) // repeats the values of other fields
	out, errs := Complete(ctx, s, doc)
	if errs != nil {
		return doc
	}
	for _, f := range s.Fields {
		if f.Auto {
			out[f.Name] = doc[f.Name]
		}
	}
	return s.Walk(out, func(c *schema.Cursor) bool {
		if schema.IsUnknown(c.Value) {
			c.Delete()
		}
		return true
	})
}

// OmitNulls returns a value without the null members of its objects. Null
// elements of lists stay: the others keep their index. Most values have more
// nulls than other members, so it makes a copy at once.
func OmitNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if e != nil {
				out[k] = OmitNulls(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = OmitNulls(e)
		}
		return out
	}
	return v
}

// isMember reports whether a walk stands at a member of an object.
func isMember(c *schema.Cursor) bool { return len(c.Path) > 0 && c.Path[len(c.Path)-1].IsKey() }

// FillMade replaces the values that a server was to make by those it has made
// before. Other unknown values depend on the configuration and stay unknown.
func FillMade(f *schema.Field, filled, made any) any {
	if made == nil {
		return filled
	}
	return schema.Walk(f, filled, func(c *schema.Cursor) bool {
		if v := madeBefore(c, made); v != nil {
			c.Replace(v)
		}
		return true
	})
}

func madeBefore(c *schema.Cursor, made any) any {
	if !schema.IsUnknown(c.Value) || c.Field == nil || !c.Field.Auto {
		return nil
	}
	return c.Path.Get(made)
}

// Body returns a completed document as a request sends it: without nulls and
// unknown values. The schema may be nil.
func Body(s *schema.Schema, filled map[string]any) map[string]any { return body(s, filled, nil) }

// KeepMade puts the values that the server has made into a body, where it would
// make new ones: what it holds has them.
func KeepMade(s *schema.Schema, filled, sent, held map[string]any) {
	kept := body(s, filled, held)
	for k := range sent {
		if v, ok := kept[k]; ok {
			sent[k] = v
		}
	}
}

func body(s *schema.Schema, filled, made map[string]any) map[string]any {
	return s.Walk(filled, func(c *schema.Cursor) bool {
		v := madeBefore(c, made)
		switch {
		case v != nil:
			c.Replace(v)
		case schema.IsUnknown(c.Value), c.Value == nil && isMember(c):
			c.Delete()
		}
		return true
	})
}
