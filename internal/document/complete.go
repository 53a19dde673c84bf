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

// OmitNulls returns a copy of a document without the null entries of its
// objects. Null elements of lists stay: the others keep their index.
func OmitNulls(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for k, v := range doc {
		if v != nil {
			out[k] = OmitNullsIn(v)
		}
	}
	return out
}

// OmitNullsIn is [OmitNulls] for any value.
func OmitNullsIn(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return OmitNulls(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = OmitNullsIn(e)
		}
		return out
	}
	return v
}

// FillMade replaces the values that a server was to make by those it has made
// before. Other unknown values depend on the configuration and stay unknown.
func FillMade(f *schema.Field, filled, known any) any {
	switch filled := filled.(type) {
	case map[string]any:
		k, _ := known.(map[string]any)
		out := make(map[string]any, len(filled))
		for key, v := range filled {
			out[key] = FillMade(MemberOf(f, key), v, k[key])
		}
		return out
	case []any:
		k, _ := known.([]any)
		out := make([]any, len(filled))
		for i, v := range filled {
			out[i] = FillMade(ElementOf(f), v, ElementAt(k, i))
		}
		return out
	}
	if schema.IsUnknown(filled) && f != nil && f.Auto && known != nil {
		return known
	}
	return filled
}

// OmitUnknown returns a copy without unknown entries: what a request can hold.
func OmitUnknown(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for k, v := range doc {
		switch v := v.(type) {
		case map[string]any:
			out[k] = OmitUnknown(v)
		case []any:
			out[k] = omitUnknownElements(v)
		default:
			if !schema.IsUnknown(v) {
				out[k] = v
			}
		}
	}
	return out
}

func omitUnknownElements(list []any) []any {
	out := make([]any, 0, len(list))
	for _, v := range list {
		switch v := v.(type) {
		case map[string]any:
			out = append(out, OmitUnknown(v))
		default:
			if !schema.IsUnknown(v) {
				out = append(out, v)
			}
		}
	}
	return out
}
