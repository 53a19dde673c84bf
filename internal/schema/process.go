package schema

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// ProcessAutoFields returns the entity completed: it translates shorthand
// fields, makes automatic values, fills in defaults and sets absent optional
// fields to null. It does not change the input. Only shorthand fields can be at
// fault here. After such a fault the caller does not call Validate.
func (s *Schema) ProcessAutoFields(ctx context.Context, entity map[string]any, op Op, auto Auto) (map[string]any, *Errors) {
	r := newRun(ctx, op)
	r.auto = auto
	return r.process(s, entity)
}

// Complete is [Schema.ProcessAutoFields], and also completes the defaults of
// optional records, which that copies as they are: Kong completes them when it
// reads an entity back.
func (s *Schema) Complete(ctx context.Context, entity map[string]any, op Op, auto Auto) (map[string]any, *Errors) {
	r := newRun(ctx, op)
	r.auto = auto
	out, errs := r.process(s, entity)
	if errs == nil && r.verbatim {
		out, errs = r.process(s, out)
	}
	return out, errs
}

// process completes one level. Unknown keys stay, for validation to refuse.
func (r *run) process(s *Schema, in map[string]any) (map[string]any, *Errors) {
	s, _ = s.choose(in)
	if s.hasShorthands(in) {
		r.translated = true
		in = copyLevel(in)
		if errs := r.translate(s, in); errs != nil {
			return nil, errs
		}
	}
	out := make(map[string]any, len(s.Fields))
	known := 0
	for _, f := range s.Fields {
		v, present := in[f.Name]
		last := !s.repeats || s.index[f.Name] == f
		if present && last {
			known++
		}
		if s.repeats { // of two with one name the first gives the default
			if earlier, ok := out[f.Name]; ok {
				v, present = earlier, true
			}
		}
		if f.Auto {
			v, present = r.autoValue(f, v, present)
		}
		switch {
		case present && isScalar(v):
		case !present && f.Type != Record:
			v, present = r.filler(f)
		default:
			var errs *Errors
			r.path = append(r.path, Key(f.Name))
			v, present, errs = r.adjust(f, v, present)
			r.pop()
			if errs != nil {
				return nil, errs
			}
		}
		if present {
			out[f.Name] = v
		}
	}
	if known < len(in) {
		r.keepUnknown(s, in, out)
	}
	return out, nil
}

func (s *Schema) hasShorthands(in map[string]any) bool {
	for _, f := range s.ShorthandFields {
		if _, ok := in[f.Name]; ok {
			return true
		}
	}
	return false
}

// keepUnknown copies the values without a field.
func (r *run) keepUnknown(s *Schema, in, out map[string]any) {
	for k, v := range in {
		if s.index[k] == nil {
			r.known = r.known && !HasUnknown(v)
			out[k] = Copy(v)
		}
	}
}

// adjust brings one value into the form in which it is stored.
func (r *run) adjust(f *Field, v any, present bool) (any, bool, *Errors) {
	switch {
	case !present:
		return r.missing(f)
	case v == nil:
		return nil, true, nil
	case IsUnknown(v):
		r.known = false
		return v, true, nil
	case f.Abstract:
		r.known = r.known && !HasUnknown(v)
		return v, true, nil
	}
	v, errs := r.normalize(f, v)
	return v, true, errs
}

// missing gives an absent field its value: an expanded record, or what fills in
// others.
func (r *run) missing(f *Field) (any, bool, *Errors) {
	if f.Type != Record || !f.Required || f.Abstract || r.op == Update {
		v, present := r.filler(f)
		return v, present, nil
	}
	start, _ := f.Default.(map[string]any)
	if start == nil {
		start = map[string]any{}
	}
	out, errs := r.process(f.Record, start)
	if errs == nil && f.needsTwoPasses {
		out, errs = r.process(f.Record, out)
	}
	return out, true, errs
}

// filler is what an absent field gets as it is: a default, null, or nothing where
// it must be given.
func (r *run) filler(f *Field) (any, bool) {
	switch {
	case f.Abstract, r.op == Update:
		return nil, false
	case !f.HasDefault:
		return nil, !f.Required
	case isScalar(f.Default):
		return f.Default, true
	}
	v := Copy(f.Default)
	r.verbatim = r.verbatim || f.Type == Record || isTable(v) && !plainList(f)
	if m, ok := v.(map[string]any); ok && len(m) == 0 && (f.Type == Array || f.Type == Set) {
		v = []any{}
	}
	return v, true
}

// isScalar reports whether every field takes the value as it is.
func isScalar(v any) bool {
	switch v.(type) {
	case string, bool, Number:
		return true
	}
	return false
}

// normalize recurses into containers. A value of the wrong type stays, for
// validation to refuse.
func (r *run) normalize(f *Field, v any) (any, *Errors) {
	if f.alias != nil {
		f = f.alias
	}
	switch f.Type {
	case Record:
		if m, ok := asRecord(v); ok && f.Record != nil {
			return result(r.process(f.Record, m))
		}
	case Array, Set:
		if list, ok := AsList(v); ok {
			return r.normalizeList(f, list)
		}
	case Map:
		if m, ok := v.(map[string]any); ok {
			return r.normalizeMap(f, m), nil
		}
	}
	r.known = r.known && !HasUnknown(v)
	return Copy(v), nil
}

// asRecord views a value as a record. An array is a table too: its keys are
// positions, which no record has.
func asRecord(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case []any:
		return positional(v), true
	}
	return nil, false
}

// result keeps a nil map from becoming a non-nil interface.
func result(m map[string]any, errs *Errors) (any, *Errors) {
	if errs != nil {
		return nil, errs
	}
	return m, nil
}

func (r *run) normalizeList(f *Field, list []any) (any, *Errors) {
	out := make([]any, 0, len(list))
	lost := false
	for i, e := range list {
		r.known = r.known && !IsUnknown(e)
		if f.Type == Set && !isTable(e) && containsScalar(out, e) {
			continue
		}
		if f.Elements != nil && e != nil && !IsUnknown(e) {
			r.path = append(r.path, At(i))
			v, errs := r.normalize(f.Elements, e)
			r.pop()
			if errs != nil {
				// Kong drops an element whose shorthand field is at fault.
				lost = true
				continue
			}
			if lost {
				return positional(list), nil // a table that lost an element is no sequence
			}
			e = v
		}
		out = append(out, e)
	}
	return out, nil
}

// positional views an array as a table with its positions, from 1, as keys.
func positional(list []any) map[string]any {
	m := make(map[string]any, len(list))
	for i, e := range list {
		m[PositionKey(i+1)] = e
	}
	return m
}

func (r *run) normalizeMap(f *Field, m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for _, k := range sortedKeys(m) { // functions of shorthand fields run in the same order each time
		e := m[k]
		r.known = r.known && !IsUnknown(e)
		if f.Values != nil && e != nil && !IsUnknown(e) {
			r.path = append(r.path, Key(k))
			v, errs := r.normalize(f.Values, e)
			r.pop()
			if errs != nil {
				continue
			}
			e = v
		}
		out[k] = e
	}
	return out
}

// autoValue makes automatic values.
func (r *run) autoValue(f *Field, v any, present bool) (any, bool) {
	creating := r.op == Insert || r.op == Upsert
	switch {
	case f.Name == "updated_at", f.Name == "created_at" && creating && v == nil:
		return r.timestamp(f), true
	case present || !creating:
		return v, present
	case f.has(ruleUUID):
		return r.auto.uuid(), true
	case f.Type == String:
		return r.auto.random(), true
	}
	return v, present
}

// timestamp is the time of the run: an entity is made and changed at once.
func (r *run) timestamp(f *Field) any {
	if r.now == nil || r.nowOf != f.Type {
		r.now, r.nowOf = r.auto.timestamp(f), f.Type
	}
	return r.now
}

func (f *Field) has(kind ruleKind) bool {
	for i := range f.rules {
		if f.rules[i].kind == kind {
			return true
		}
	}
	return false
}

func (a Auto) timestamp(f *Field) any {
	if a.Timestamp != nil {
		return a.Timestamp()
	}
	now := time.Now
	if a.Now != nil {
		now = a.Now
	}
	if f.Type == NumberType {
		return Number(strconv.FormatFloat(float64(now().UnixMilli())/1000, 'f', -1, 64))
	}
	return Number(strconv.FormatInt(now().Unix(), 10))
}

func (a Auto) uuid() any {
	if a.UUID != nil {
		return a.UUID()
	}
	return uuid.NewString()
}

// Ids are unique, not secret, so that random bytes may be kept in store.
func init() { uuid.EnableRandPool() }

const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func (a Auto) random() any {
	if a.Random != nil {
		return a.Random()
	}
	out := make([]byte, 32)
	for i := range out {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphanumerics))))
		if err != nil {
			return uuid.NewString() // 122 random bits serve as well
		}
		out[i] = alphanumerics[n.Int64()]
	}
	return string(out)
}

// translate replaces shorthand fields by the fields that they stand for. It
// reports the faults of all of them together, under their bare names.
func (r *run) translate(s *Schema, entity map[string]any) *Errors {
	var errs *Errors
	for _, f := range s.ShorthandFields {
		v, present := entity[f.Name]
		if !present {
			continue
		}
		r.path = append(r.path, Key(f.Name))
		n := r.translateOne(s, f, v, entity)
		r.pop()
		if n != nil {
			errs = errs.set(f.Name, n)
		}
	}
	return errs
}

func (r *run) translateOne(s *Schema, f *Field, v any, entity map[string]any) node {
	if n := r.field(f, v, f.Required); n != nil {
		return n
	}
	if n := r.mismatch(f, v, entity); n != nil {
		return n
	}
	delete(entity, f.Name)
	if HasUnknown(v) {
		r.known = false
		translateUnknown(s, f, entity)
		return nil
	}
	results, err := f.Func.Call(r.function(), v)
	if err != nil {
		return r.violation(f, "raised", "the function of the shorthand field failed: "+err.Error())
	}
	if len(results) == 0 || results[0] == nil {
		return nil
	}
	target, ok := results[0].(map[string]any)
	if !ok {
		if isTable(results[0]) || results[0] == false {
			return nil
		}
		return r.violation(f, "raised", "the function of the shorthand field must return a table")
	}
	for _, key := range sortedKeys(target) {
		if !mergeShorthand(f, entity, key, target[key]) {
			return r.violation(f, "raised", fmt.Sprintf("the shorthand field cannot be merged into %q, which is no table", key))
		}
	}
	return nil
}

// translateUnknown marks the fields that a shorthand field with an unknown
// value will set. If its declaration does not name them, it may set every field
// that is not given.
func translateUnknown(s *Schema, f *Field, entity map[string]any) {
	if f.Deprecation != nil && len(f.Deprecation.ReplacedWith) > 0 {
		for _, to := range f.Deprecation.ReplacedWith {
			setUnknown(entity, to.Path)
		}
		return
	}
	if back := pathOf(f.Def["translate_backwards"]); len(back) > 0 {
		setUnknown(entity, back)
		return
	}
	for _, other := range s.Fields {
		if !other.Auto {
			setUnknown(entity, Path{Key(other.Name)})
		}
	}
}

// setUnknown marks fields that are not given. It copies records on the way,
// since the caller owns them.
func setUnknown(entity map[string]any, path Path) {
	for i := 1; i < len(path); i++ {
		if level, ok := path[:i].Get(entity).(map[string]any); ok {
			path[:i].Set(entity, copyLevel(level))
		}
	}
	if path.Get(entity) == nil {
		path.Set(entity, Unknown)
	}
}

func copyLevel(m map[string]any) map[string]any {
	c := make(map[string]any, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// mismatch refuses an old and a new field that contradict each other.
func (r *run) mismatch(f *Field, v any, entity map[string]any) node {
	if v == nil || HasUnknown(v) {
		return nil
	}
	for _, to := range f.Replacements() {
		current, err := to.current(r.function(), entity)
		if err != nil {
			return r.violation(f, "raised", "reverse_mapping_function failed: "+err.Error())
		}
		if !HasUnknown(current) && truthy(current) && !Equal(current, v) {
			return r.violation(f, "deprecation", fmt.Sprintf(
				"both deprecated and new field are used but their values mismatch: %s = %s vs %s = %s",
				f.Name, toText(v), to.Path, toText(current)))
		}
	}
	return nil
}

// Replacements are the declared new places of a shorthand field, each in the level of
// the field; translate_backwards is their old form. Without a deprecation a shorthand
// cannot conflict.
func (f *Field) Replacements() []Replacement {
	if f.Deprecation == nil {
		return nil
	}
	if len(f.Deprecation.ReplacedWith) > 0 {
		return f.Deprecation.ReplacedWith
	}
	if back := pathOf(f.Def["translate_backwards"]); len(back) > 0 {
		return []Replacement{{Path: back}}
	}
	return nil
}

func (to Replacement) current(ctx context.Context, entity map[string]any) (any, error) {
	if to.Reverse == nil {
		return to.Path.Get(entity), nil
	}
	results, err := to.Reverse.Call(ctx, entity)
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return results[0], nil
}

// mergeShorthand puts one result of a shorthand's function into the entity.
// Without a deprecation the shorthand wins, with one the given value wins. It
// returns false if a table meets a scalar.
func mergeShorthand(f *Field, entity map[string]any, key string, v any) bool {
	current := entity[key]
	deprecated := f.Deprecation != nil
	if !isTable(v) {
		if !deprecated || current == nil {
			entity[key] = v
		}
		return true
	}
	if current == nil {
		entity[key] = v
		return true
	}
	if IsUnknown(current) {
		return true
	}
	if !isTable(current) {
		return false
	}
	first, second := current, v
	if deprecated {
		first, second = v, current
	}
	entity[key] = mergeTables(first, second, deprecated)
	return true
}

// mergeTables puts second over first; only the top level is merged, as in Lua,
// and arrays index by index. A null in second does not replace a value of first
// if keepNull is set.
func mergeTables(first, second any, keepNull bool) any {
	a, aList := first.([]any)
	b, bList := second.([]any)
	if aList && bList {
		out := append([]any(nil), a...)
		for i, v := range b {
			switch {
			case i >= len(out):
				out = append(out, v)
			case v != nil || !keepNull:
				out[i] = v
			}
		}
		return out
	}
	out := copyLevel(asTable(first))
	for k, v := range asTable(second) {
		if v != nil || !keepNull || out[k] == nil {
			out[k] = v
		}
	}
	return out
}

// asTable views an array as a table with its positions as keys.
func asTable(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case []any:
		return positional(v)
	}
	return nil
}
