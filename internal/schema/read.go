package schema

import (
	"context"
	"math"
	"strconv"
)

// ReadOptions say how a stored entity is shown.
type ReadOptions struct {
	Nulls      bool // keep fields that are null
	Shorthands bool // re-create deprecated shorthand fields from their successors
}

// Read returns a stored entity as it is shown today, Kong's select context:
// defaults stand in for what is missing, fields that the schema does not know
// are dropped, integers are whole and empty strings count as absent.
func (s *Schema) Read(ctx context.Context, entity map[string]any, o ReadOptions) (map[string]any, error) {
	chosen, _ := s.choose(entity)
	return reader{newRun(ctx, Insert), o}.level(chosen, entity)
}

type reader struct {
	*run
	options ReadOptions
}

func (r reader) level(s *Schema, in map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(s.live))
	for _, f := range s.live {
		v, present := in[f.Name]
		if !present || v == nil && f.Required {
			var errs *Errors
			if v, _, errs = r.missing(f); errs != nil {
				return nil, errs
			}
		}
		v, err := r.value(f, v)
		if err != nil {
			return nil, err
		}
		if v != nil || r.options.Nulls {
			out[f.Name] = v
		}
	}
	if r.options.Shorthands {
		return out, r.backwards(s, in, out)
	}
	return out, nil
}

// backwards re-creates shorthand fields. The values come from the first
// replacement, as Kong has it.
func (r reader) backwards(s *Schema, in, out map[string]any) error {
	for _, f := range s.ShorthandFields {
		to := f.replacements()
		if len(to) == 0 {
			if path := stringsOf(f.Def["translate_backwards"]); len(path) > 0 {
				to = []Replacement{{Path: path}}
			}
		}
		if len(to) == 0 {
			continue
		}
		v, err := to[0].current(r.ctx, in)
		if err != nil {
			return err
		}
		if v != nil || r.options.Nulls {
			out[f.Name] = v
		}
	}
	return nil
}

func (r reader) value(f *Field, v any) (any, error) {
	switch f.Type {
	case String:
		if v == "" && !f.mayBeEmpty() {
			return nil, nil
		}
	case Integer:
		if n, ok := toFloat(v); ok && n != math.Floor(n) {
			return Number(strconv.FormatFloat(math.Floor(n), 'f', -1, 64)), nil
		}
	case Record:
		if m, ok := asRecord(v); ok && f.Record != nil {
			return r.level(f.Record, m)
		}
	case Array, Set:
		if list, ok := asSequence(v); ok && v != nil {
			return r.list(f, list)
		}
	case Map:
		if m, ok := v.(map[string]any); ok {
			return r.mapping(f, m)
		}
	}
	return Copy(v), nil
}

func (f *Field) mayBeEmpty() bool {
	for i := range f.rules {
		if f.rules[i].kind == ruleLenMin {
			return f.rules[i].lo <= 0
		}
	}
	return true
}

func (r reader) list(f *Field, list []any) (any, error) {
	out := make([]any, len(list))
	for i, e := range list {
		v, err := r.value(f.Elements, e)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func (r reader) mapping(f *Field, m map[string]any) (any, error) {
	out := make(map[string]any, len(m))
	for k, e := range m {
		v, err := r.value(f.Values, e)
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}
