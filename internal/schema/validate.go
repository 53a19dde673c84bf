package schema

import (
	"context"
	"fmt"
	"math"
	"strconv"
)

// Validate judges an entity that [Schema.ProcessAutoFields] has completed. It
// returns nil when every rule holds. Insert and Upsert ask for all required
// fields; Update judges a part of an entity.
func (s *Schema) Validate(ctx context.Context, entity map[string]any, op Op) *Errors {
	return newRun(ctx, op).entity(s, entity, op != Update)
}

// entity judges by the subschema that the entity selects.
func (r *run) entity(s *Schema, entity map[string]any, full bool) *Errors {
	chosen, ok := s.choose(entity)
	if !ok {
		if errs := r.selectorFault(s, entity); errs != nil {
			return errs
		}
		r.open = true
	}
	return r.level(chosen, entity, full)
}

// Check completes an entity and judges the result: ProcessAutoFields and
// Validate in one go, which is cheaper than one after the other.
func (s *Schema) Check(ctx context.Context, entity map[string]any, op Op, auto Auto) (map[string]any, *Errors) {
	r := newRun(ctx, op)
	r.auto, r.known = auto, true
	out, errs := r.process(s, entity)
	if errs != nil {
		return nil, errs
	}
	if op != Update {
		r.given = entity
	}
	r.complete = op != Update && !r.verbatim
	return out, r.entity(s, out, op != Update)
}

// level judges an entity or a record: every key in it, what is missing, and the
// checks over several fields.
func (r *run) level(s *Schema, m map[string]any, full bool) *Errors {
	var errs *Errors
	given, tracked := r.given.(map[string]any)
	tracked = tracked && !r.translated // which filled in more than defaults
	known := 0
	for i, f := range s.live {
		r.given = nil
		if tracked {
			in, ok := given[f.Name]
			if !ok && s.leavesFine(i) {
				known++
				continue
			}
			r.given = in
		}
		v, present := m[f.Name]
		if present {
			known++
			if f.plain && f.holds(v) {
				continue
			}
		}
		r.path = append(r.path, Key(f.Name))
		if n := r.member(f, m, v, present, s.must[i], full); n != nil {
			errs = errs.set(f.Name, n)
		}
		r.pop()
	}
	r.given = nil
	if known < len(m) {
		errs = r.unknownFields(s, m, errs)
	}
	for i := range s.checks {
		errs = r.check(&s.checks[i], m, full, errs)
	}
	if s.check != nil && full {
		errs = r.entityFunction(s, m, errs)
	}
	return r.transformations(s, m, errs)
}

// member judges one declared field of a level. If it is required and missing,
// that is its only fault.
func (r *run) member(f *Field, m map[string]any, v any, present, must, full bool) node {
	if must && v == nil && (present || full) {
		return r.violation(f, "required", "required field missing")
	}
	switch {
	case f.Type == JSON:
		return r.json(f, m, v) // null is judged too, also for a missing one
	case !present || f.Name == "updated_at": // which is never judged, at any level
		return nil
	case f.self:
		return r.selfDefault(f, m, v)
	}
	return r.field(f, v, f.Required)
}

func (r *run) unknownFields(s *Schema, m map[string]any, errs *Errors) *Errors {
	for key := range m {
		if s.index[key] != nil || key == "updated_at" {
			continue
		}
		if i, ok := Position(key); ok {
			r.path = append(r.path, At(i-1))
			errs = errs.setItem(i, r.unknownField(s))
		} else {
			r.path = append(r.path, Key(key))
			errs = errs.set(key, r.unknownField(s))
		}
		r.pop()
	}
	return errs
}

func (r *run) unknownField(s *Schema) *Violation {
	v := r.violation(nil, "unknown_field", "unknown field")
	v.Known = sortedKeys(s.index)
	return v
}

// field judges one value. The first rule that fails is the only fault.
func (r *run) field(f *Field, v any, required bool) node {
	if IsUnknown(v) {
		return nil
	}
	if f.alias != nil {
		f = f.alias
	}
	if v == nil {
		return r.null(f, required)
	}
	if f.plain && f.holds(v) {
		return nil
	}
	if f.eqNull {
		return r.violation(f, "eq", orText(f.Err, "value must be null"))
	}
	if f.Abstract {
		if r.open {
			return nil
		}
		return r.violation(f, "abstract", "error in schema definition: abstract field was not specialized")
	}
	if f.referenceAny || f.Type == String && f.Referenceable {
		if s, ok := v.(string); ok && IsReference(s) {
			return nil
		}
	}
	if n := r.typed(f, v); n != nil {
		return n
	}
	return r.rules(f, v)
}

func orText(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

func (r *run) null(f *Field, required bool) node {
	if f.neNull {
		return r.violation(f, "ne", orText(f.Err, "value must not be null"))
	}
	if len(f.rules) > 0 && f.rules[0].kind == ruleEq {
		return r.violation(f, "eq", "value must be "+toText(f.rules[0].value))
	}
	if required {
		return r.violation(f, "required", "required field missing")
	}
	return nil
}

// rules runs the validators. Rules over a container's members wait until all
// of them are known.
func (r *run) rules(f *Field, v any) node {
	for i := range f.rules {
		rule := &f.rules[i]
		if rule.kind >= ruleLenEq && rule.kind <= ruleLenMax && f.Type == Set && r.unknownIn(v) {
			continue // unknown members may turn out to be duplicates
		}
		o := rule.apply(r, v)
		if !o.broken {
			continue
		}
		name := ruleNames[rule.kind]
		if o.raised {
			return r.violation(f, "raised", o.text)
		}
		if f.Err != "" {
			return r.violation(f, name, f.Err)
		}
		n := r.violation(f, name, o.text)
		n.Value = r.boundedValue(o.value)
		return n
	}
	return nil
}

// holds is a quick test that a value, which is neither null nor unknown, is
// valid. It can tell for plain fields only, and saves the work that a fault
// needs.
func (f *Field) holds(v any) bool {
	switch f.Type {
	case String:
		s, ok := v.(string)
		if !ok {
			return false
		}
		if f.Referenceable && IsReference(s) {
			return true
		}
	case Boolean:
		if _, ok := v.(bool); !ok {
			return false
		}
	case Integer:
		if n, ok := toFloat(v); !ok || !isWhole(n) {
			return false
		}
	default:
		if _, ok := toFloat(v); !ok {
			return false
		}
	}
	for i := range f.rules {
		if !f.rules[i].holds(v) {
			return false
		}
	}
	return true
}

func isWhole(n float64) bool { return !math.IsInf(n, 0) && n == math.Floor(n) }

// typed checks the type and, for containers, everything inside.
func (r *run) typed(f *Field, v any) node {
	switch f.Type {
	case String:
		if _, ok := v.(string); !ok {
			return r.violation(f, "type", "expected a string")
		}
	case NumberType:
		if _, ok := toFloat(v); !ok {
			return r.violation(f, "type", "expected a number")
		}
	case Integer:
		if n, ok := toFloat(v); !ok || !isWhole(n) {
			return r.violation(f, "type", "expected an integer")
		}
	case Boolean:
		if _, ok := v.(bool); !ok {
			return r.violation(f, "type", "expected a boolean")
		}
	case Array, Set:
		return r.list(f, v)
	case Map:
		return r.mapping(f, v)
	case Record:
		return r.record(f, v)
	case Foreign:
		return r.foreign(f, v)
	case FunctionType:
		if _, ok := v.(*Function); !ok {
			return r.violation(f, "type", "expected a function")
		}
	case Any:
	default:
		typ, _ := f.Def["type"].(string)
		return r.violation(f, "type", "invalid type: "+orText(typ, "nil"))
	}
	return nil
}

func (r *run) list(f *Field, v any) node {
	list, ok := AsList(v)
	if !ok {
		return r.violation(f, "type", "expected "+article[f.Type])
	}
	if f.Elements == nil {
		return r.undeclared(f, "elements")
	}
	var errs *Errors
	given, _ := r.given.([]any)
	for i, e := range list {
		r.given = nil
		if len(given) == len(list) { // otherwise a set lost duplicates
			r.given = given[i]
		}
		r.path = append(r.path, At(i))
		if n := r.field(f.Elements, e, true); n != nil {
			errs = errs.setItem(i+1, n)
		}
		r.pop()
	}
	return asNode(errs)
}

// undeclared reports a definition that is still being judged: its missing
// attributes make judging its default fail.
func (r *run) undeclared(f *Field, attribute string) node {
	return r.violation(f, "raised", fmt.Sprintf("field of type '%s' must declare '%s'", f.Type, attribute))
}

var article = map[Type]string{Array: "an array", Set: "a set"}

// asNode keeps a nil tree from becoming a non-nil node.
func asNode(e *Errors) node {
	if e == nil {
		return nil
	}
	return e
}

// mapping judges keys and values in the order of the keys. The first fault is
// the map's own: Kong has no level for the key, though the leaf's path has.
func (r *run) mapping(f *Field, v any) node {
	if list, ok := v.([]any); ok {
		return r.positions(f, list)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return r.violation(f, "type", "expected a map")
	}
	switch {
	case f.Values == nil:
		return r.undeclared(f, "values")
	case f.Keys == nil:
		return r.undeclared(f, "keys")
	case len(m) == 0:
		return nil
	}
	given, _ := r.given.(map[string]any)
	for _, k := range sortedKeys(m) {
		r.given = given[k]
		var key any = k
		step := Key(k)
		if n, ok := Position(k); ok {
			key, step = Number(strconv.Itoa(n)), At(n-1)
		}
		if n := r.pair(f, key, step, m[k]); n != nil {
			return n
		}
	}
	return nil
}

// positions judges an array where a map is expected: its keys are numbers.
func (r *run) positions(f *Field, list []any) node {
	for i, e := range list {
		if n := r.pair(f, Number(strconv.Itoa(i+1)), At(i), e); n != nil {
			return n
		}
	}
	return nil
}

func (r *run) pair(f *Field, key any, step Step, v any) node {
	r.path = append(r.path, step)
	defer r.pop()
	if f.Keys != nil {
		given := r.given
		if n := r.field(f.Keys, key, true); n != nil {
			return n
		}
		r.given = given
	}
	if f.Values != nil {
		return r.field(f.Values, v, true)
	}
	return nil
}

func (r *run) record(f *Field, v any) node {
	m, ok := asRecord(v)
	if !ok {
		return r.violation(f, "type", "expected a record")
	}
	if f.Record == nil {
		return nil
	}
	return asNode(r.completeLevel(f.Record, m))
}

// completeLevel completes a record on a private copy, unless a caller has
// processed it, and judges it.
func (r *run) completeLevel(s *Schema, m map[string]any) *Errors {
	if s.undecided(m) {
		return nil
	}
	s, _ = s.choose(m)
	if !r.complete && !s.sparse && r.incomplete(s, m) {
		var errs *Errors
		if m, errs = r.completed(s, m); errs != nil {
			return errs
		}
	}
	return r.level(s, m, true)
}

// incomplete reports whether processing would change the record.
func (r *run) incomplete(s *Schema, m map[string]any) bool {
	for _, f := range s.Fields {
		if _, ok := m[f.Name]; !ok && (!f.Required || f.HasDefault || f.Type == Record) {
			return true
		}
	}
	for _, f := range s.ShorthandFields {
		if _, ok := m[f.Name]; ok {
			return true
		}
	}
	return false
}

func (r *run) completed(s *Schema, m map[string]any) (map[string]any, *Errors) {
	inner := run{ctx: r.function(), op: Insert, path: append(Path(nil), r.path...), said: r.said}
	out, errs := inner.process(s, m)
	r.raised, r.said = r.raised || inner.raised, inner.said
	return out, errs
}

// foreign judges a reference to another entity: its primary key must be there. Where
// it is wrong, the value is judged as a part of that entity, and the faults found so
// come before those of the key.
func (r *run) foreign(f *Field, v any) node {
	m, _ := v.(map[string]any)
	id, present := m["id"]
	errs := r.foreignKey(f, id, present)
	if errs == nil {
		return nil
	}
	if m != nil && f.target != nil {
		if partial := r.entity(f.target, m, false); partial != nil {
			partial.mean("id", errs)
			return partial
		}
	}
	return errs
}

func (r *run) foreignKey(f *Field, id any, present bool) *Errors {
	var key *Field
	if f.target != nil {
		key = f.target.index["id"]
	}
	r.path = append(r.path, Key("id"))
	defer r.pop()
	switch {
	case !present || id == false:
		return (*Errors)(nil).set("id", r.violation(key, "required", "missing primary key"))
	case id == nil:
		return (*Errors)(nil).set("id", r.violation(key, "required", "required field missing"))
	case key == nil:
		return nil // the entity that it refers to is not known here
	}
	if n := r.field(key, id, true); n != nil {
		return (*Errors)(nil).set("id", n)
	}
	return nil
}

// entityFunction runs the check function of an entity of its own.
func (r *run) entityFunction(s *Schema, m map[string]any, errs *Errors) *Errors {
	if HasUnknown(m) {
		return errs
	}
	results, err := s.check.Call(r.function(), m)
	if err != nil {
		return errs.addEntity(r.violation(nil, "raised", "the check function failed: "+err.Error()))
	}
	if len(results) > 0 && truthy(results[0]) {
		return errs
	}
	var message any = "entity check failed"
	if len(results) > 1 && results[1] != nil {
		message = results[1]
	}
	if table, ok := message.(map[string]any); ok {
		for _, k := range sortedKeys(table) {
			r.path = append(r.path, Key(k))
			v := r.violation(s.index[k], "check", fmt.Sprint(table[k]))
			r.pop()
			errs = errs.set(k, v)
		}
		return errs
	}
	return errs.addEntity(r.violation(nil, "check", fmt.Sprint(message)))
}

// transformations checks that the inputs of a transformation are given
// together.
func (r *run) transformations(s *Schema, m map[string]any, errs *Errors) *Errors {
	for _, t := range s.transforms {
		given, all, unknown := false, true, false
		for i, p := range t.paths {
			v := p.Get(m)
			unknown = unknown || IsUnknown(v)
			empty := isEmpty(v)
			given = given || !empty && i < t.input
			all = all && !empty
		}
		if given && !all && !unknown {
			v := r.violation(nil, "mutually_required", "all or none of these fields must be set: "+quoteNames(t.names))
			v.Fields = t.names
			errs = errs.addEntity(v)
		}
	}
	return errs
}
