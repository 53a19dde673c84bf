package provider

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

// standIns are automatic values for a judgement: checks that look at a whole
// record would not be made if a part of it was unknown.
var standIns = schema.Auto{
	UUID:      func() any { return "00000000-0000-4000-8000-000000000000" },
	Random:    func() any { return "00000000000000000000000000000000" },
	Timestamp: func() any { return json.Number("1") },
}

// complete fills in what the schema knows: defaults, and old names translated
// to new ones. Automatic values are [schema.Unknown]. Every side of a
// comparison goes through it, so that what a server adds by itself is no
// difference.
func complete(ctx context.Context, s *schema.Schema, doc map[string]any) (map[string]any, *schema.Errors) {
	out, errs := s.ProcessAutoFields(ctx, doc, schema.Insert, later)
	if errs != nil {
		return nil, errs
	}
	return completeCopies(ctx, s, out)
}

// completeCopies completes the defaults that completing has copied as they
// stand: Kong does that with optional records, and fills them in when it reads
// them back.
func completeCopies(ctx context.Context, s *schema.Schema, doc map[string]any) (map[string]any, *schema.Errors) {
	if !hasCopies(s, doc) {
		return doc, nil
	}
	return s.ProcessAutoFields(ctx, doc, schema.Insert, later)
}

// hasCopies reports whether a completed record holds one that is not.
func hasCopies(s *schema.Schema, doc map[string]any) bool {
	for _, f := range s.Fields {
		v, there := doc[f.Name]
		if !there && !f.Required && !f.Abstract || isCopy(f, v) {
			return true
		}
	}
	return false
}

func isCopy(f *schema.Field, v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if f.Record != nil {
			return hasCopies(f.Record, v)
		}
		for _, e := range v {
			if f.Values != nil && isCopy(f.Values, e) {
				return true
			}
		}
	case []any:
		if f.Record != nil {
			return true // an empty table, which is a record as well as a list
		}
		for _, e := range v {
			if f.Elements != nil && isCopy(f.Elements, e) {
				return true
			}
		}
	}
	return false
}

// completeAnswer is complete for what a server sent. What the schema cannot
// process stays as it came, and automatic values are the server's.
func completeAnswer(ctx context.Context, s *schema.Schema, doc map[string]any) map[string]any {
	if s == nil {
		return doc
	}
	doc = coerce(s, dropNulls(doc))
	out, errs := complete(ctx, s, doc)
	if errs != nil {
		return doc
	}
	for _, f := range s.Fields {
		if f.Auto {
			out[f.Name] = doc[f.Name]
		}
	}
	return dropUnknown(out)
}

// dropNulls returns a copy of a document without the null entries of its
// objects. Null elements of lists stay, they hold a place.
func dropNulls(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for k, v := range doc {
		if v != nil {
			out[k] = dropNullsIn(v)
		}
	}
	return out
}

func dropNullsIn(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return dropNulls(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = dropNullsIn(e)
		}
		return out
	}
	return v
}

// settle replaces the values that a server was to make by those it has made
// before. Other unknown values depend on the configuration and stay unknown.
func settle(f *schema.Field, filled, known any) any {
	switch filled := filled.(type) {
	case map[string]any:
		k, _ := known.(map[string]any)
		out := make(map[string]any, len(filled))
		for key, v := range filled {
			out[key] = settle(memberOf(f, key), v, k[key])
		}
		return out
	case []any:
		k, _ := known.([]any)
		out := make([]any, len(filled))
		for i, v := range filled {
			out[i] = settle(elementOf(f), v, elementAt(k, i))
		}
		return out
	}
	if schema.IsUnknown(filled) && f != nil && f.Auto && known != nil {
		return known
	}
	return filled
}

func elementAt(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}

// dropUnknown returns a copy without unknown entries: what a request can hold.
func dropUnknown(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for k, v := range doc {
		switch v := v.(type) {
		case map[string]any:
			out[k] = dropUnknown(v)
		case []any:
			out[k] = dropUnknownElements(v)
		default:
			if !schema.IsUnknown(v) {
				out[k] = v
			}
		}
	}
	return out
}

func dropUnknownElements(list []any) []any {
	out := make([]any, 0, len(list))
	for _, v := range list {
		switch v := v.(type) {
		case map[string]any:
			out = append(out, dropUnknown(v))
		default:
			if !schema.IsUnknown(v) {
				out = append(out, v)
			}
		}
	}
	return out
}
