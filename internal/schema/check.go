package schema

import (
	"fmt"
	"slices"
	"strings"
)

// checkKind is one of Kong's entity checks.
type checkKind uint8

const (
	atLeastOneOf checkKind = iota
	onlyOneOf
	distinct
	mutuallyRequired
	mutuallyExclusive
	mutuallyExclusiveSets
	conditional
	conditionalAtLeastOneOf
	customEntityCheck
)

// checkTraits says when a kind of check runs: whether it runs if none of its
// fields is there, whether it runs if one of them is at fault, and whether all
// of its fields must be there.
var checkTraits = [...]struct {
	name                               string
	runsMissing, runsInvalid, needsAll bool
}{
	atLeastOneOf:            {"at_least_one_of", true, true, false},
	onlyOneOf:               {"only_one_of", false, true, true},
	distinct:                {"distinct", false, true, true},
	mutuallyRequired:        {"mutually_required", true, false, false},
	mutuallyExclusive:       {"mutually_exclusive", true, false, false},
	mutuallyExclusiveSets:   {"mutually_exclusive_sets", true, false, false},
	conditional:             {"conditional", false, true, false},
	conditionalAtLeastOneOf: {"conditional_at_least_one_of", true, true, false},
	customEntityCheck:       {"custom_entity_check", false, false, true},
}

// fieldRef is a field that a check names, by a dotted path from the level
// that declares the check. Its definition is nil for an undeclared name.
type fieldRef struct {
	name  string
	path  Path
	field *Field
}

// entityCheck is one compiled check. fields are all fields that decide whether
// it runs.
type entityCheck struct {
	kind   checkKind
	fields []fieldRef

	set1, set2 []fieldRef

	ifField   fieldRef
	ifMatch   *Field
	thenField fieldRef
	thenMatch *Field
	thenMust  bool // the match itself asks that the field is set
	thenErr   string

	thenFields []fieldRef
	elseMatch  *Field
	elseFields []fieldRef
	elseErr    string

	arg        any // as declared
	fn         *Function
	runMissing bool
	runInvalid bool

	nilIsNull bool // an absent field counts as null

	// incomplete is set if an argument is missing that Kong needs at run time:
	// Kong's engine then fails with an error.
	incomplete string
}

func (c compiler) entityChecks(s *Schema, v any) ([]entityCheck, error) {
	list, ok := AsList(v)
	if !ok && v != nil {
		return nil, fmt.Errorf("entity_checks: expected an array")
	}
	checks := make([]entityCheck, 0, len(list))
	for i, item := range list {
		m, _ := item.(map[string]any)
		for kind, traits := range checkTraits {
			if arg, ok := m[traits.name]; ok && arg != nil && !isEmpty(arg) { // one without arguments has nothing to check
				check, err := c.entityCheck(s, checkKind(kind), arg)
				if err != nil {
					return nil, fmt.Errorf("entity_checks[%d].%s: %w", i, traits.name, err)
				}
				checks = append(checks, check)
				break
			}
		}
	}
	return checks, nil
}

func (c compiler) entityCheck(s *Schema, kind checkKind, arg any) (entityCheck, error) {
	ec := entityCheck{kind: kind, nilIsNull: c.sparse}
	m, _ := arg.(map[string]any)
	refs := func(v any) []fieldRef {
		var out []fieldRef
		for _, name := range stringsOf(v) {
			out = append(out, s.ref(name))
		}
		return out
	}
	var err error
	switch kind {
	case conditional:
		err = c.conditional(s, &ec, m)
	case conditionalAtLeastOneOf:
		ec.thenFields, ec.elseFields = refs(m["then_at_least_one_of"]), refs(m["else_then_at_least_one_of"])
		err = c.conditionalAtLeastOneOf(s, &ec, m)
	case customEntityCheck:
		ec.arg = arg
		ec.fields = refs(m["field_sources"])
		ec.fn, _ = m["fn"].(*Function)
		ec.runMissing, _ = m["run_with_missing_fields"].(bool)
		ec.runInvalid, _ = m["run_with_invalid_fields"].(bool)
		if ec.fn == nil || m["field_sources"] == nil {
			ec.incomplete = "custom_entity_check needs fn and field_sources"
		}
	case mutuallyExclusiveSets:
		ec.set1, ec.set2 = refs(m["set1"]), refs(m["set2"])
		ec.fields = append(append(ec.fields, ec.set1...), ec.set2...)
		if m["set1"] == nil || m["set2"] == nil {
			ec.incomplete = "mutually_exclusive_sets needs set1 and set2"
		}
	default:
		ec.fields = refs(arg)
	}
	return ec, err
}

func (c compiler) conditional(s *Schema, ec *entityCheck, m map[string]any) error {
	ifField, ok1 := m["if_field"].(string)
	thenField, ok2 := m["then_field"].(string)
	if !ok1 || !ok2 || m["if_match"] == nil || m["then_match"] == nil {
		ec.incomplete = "conditional needs if_field, if_match, then_field and then_match"
	}
	ec.ifField, ec.thenField = s.ref(ifField), s.ref(thenField)
	ec.fields = []fieldRef{ec.ifField, ec.thenField}
	ec.thenErr, _ = m["then_err"].(string)
	then, _ := m["then_match"].(map[string]any)
	ec.thenMust = then["required"] == true
	var err error
	if ec.ifMatch, err = c.layered(ec.ifField.field, m["if_match"]); err != nil {
		return err
	}
	ec.thenMatch, err = c.layered(ec.thenField.field, m["then_match"])
	return err
}

func (c compiler) conditionalAtLeastOneOf(s *Schema, ec *entityCheck, m map[string]any) error {
	ifField, ok := m["if_field"].(string)
	if !ok || m["if_match"] == nil || m["then_at_least_one_of"] == nil {
		ec.incomplete = "conditional_at_least_one_of needs if_field, if_match and then_at_least_one_of"
	}
	ec.ifField = s.ref(ifField)
	ec.fields = append(append([]fieldRef{ec.ifField}, ec.thenFields...), ec.elseFields...)
	ec.thenErr, _ = m["then_err"].(string)
	ec.elseErr, _ = m["else_then_err"].(string)
	var err error
	if ec.ifMatch, err = c.layered(ec.ifField.field, m["if_match"]); err != nil {
		return err
	}
	if m["else_match"] != nil {
		ec.elseMatch, err = c.layered(ec.ifField.field, m["else_match"])
	}
	return err
}

// layered compiles a match as a definition on top of the field's own:
// attributes of the match win, all others are inherited.
func (c compiler) layered(base *Field, match any) (*Field, error) {
	m, _ := match.(map[string]any)
	def := Def{}
	if base != nil {
		for k, v := range base.Def {
			if k != "default" {
				def[k] = v
			}
		}
	}
	for k, v := range m {
		def[k] = v
	}
	return c.field(def, false)
}

// ref resolves a dotted name through records and maps.
func (s *Schema) ref(name string) fieldRef {
	r := fieldRef{name: name, path: Dotted(name)}
	level := s
	for i, step := range r.path {
		if level == nil {
			return r
		}
		f := level.index[step.Name]
		for f != nil && f.Type == Map && i < len(r.path)-1 {
			f = f.Values
			break
		}
		if f == nil {
			return r
		}
		if i == len(r.path)-1 {
			r.field = f
			return r
		}
		level = f.Record
	}
	return r
}

// check runs one entity check if it is to run at all.
func (r *run) check(ec *entityCheck, m map[string]any, full bool, errs *Errors) *Errors {
	if len(r.path) == 0 && r.open {
		return errs // the subschema is not known
	}
	if ec.kind == conditional && ec.ruledOut(m) {
		return errs
	}
	pass, errs := r.gate(ec, m, full, errs)
	if !pass {
		return errs
	}
	if ec.incomplete != "" {
		return errs.addEntity(r.violation(nil, "raised", ec.incomplete))
	}
	switch ec.kind {
	case conditional:
		return r.conditional(ec, errs)
	case conditionalAtLeastOneOf:
		return r.conditionalAtLeastOneOf(ec, m, errs)
	case customEntityCheck:
		return r.customEntityCheck(ec, m, errs)
	case distinct:
		return r.distinct(ec, m, errs)
	case mutuallyExclusiveSets:
		return r.exclusiveSets(ec, m, errs)
	}
	return r.counted(ec, m, errs)
}

// gate decides whether a check runs, and finds the values of its fields. It does not run if a field holds a vault
// reference. Some kinds do not run either if a field is at fault or missing.
func (r *run) gate(ec *entityCheck, m map[string]any, full bool, errs *Errors) (bool, *Errors) {
	traits := &checkTraits[ec.kind]
	present := 0
	r.found = r.found[:0]
	for i := range ec.fields {
		ref := &ec.fields[i]
		v, ok := ref.path.Lookup(m)
		r.found = append(r.found, v)
		if ok || ec.nilIsNull {
			present++
		}
		if ref.field != nil && (ref.field.Type == String || ref.field.referenceAny) && ref.field.Referenceable {
			if s, isText := v.(string); isText && IsReference(s) {
				return false, errs
			}
		}
		if !traits.runsInvalid && !ec.runInvalid && errs.has(ref.name) {
			return false, errs
		}
	}
	if present == 0 && !(traits.runsMissing && full) {
		return false, errs
	}
	if present < len(ec.fields) && !(ec.runMissing && full) {
		return r.mandatory(ec, m, errs)
	}
	return true, errs
}

// mandatory reports the missing fields that a check needs.
func (r *run) mandatory(ec *entityCheck, m map[string]any, errs *Errors) (bool, *Errors) {
	var needed []fieldRef
	switch {
	case checkTraits[ec.kind].needsAll:
		needed = ec.fields
	case ec.kind == conditional:
		needed = ec.fields[:1]
	}
	message := "field required for entity check"
	if r.op == Update {
		message += " when updating"
	}
	pass := true
	for i := range needed {
		if _, ok := needed[i].path.Lookup(m); !ok {
			pass = false
			errs = r.setAt(errs, &needed[i], "required", message)
		}
	}
	return pass, errs
}

// setAt puts a fault at a field that a check names, in place of an earlier one.
// If a parent already has a message, the message stays; in Kong the attempt is
// an error of its engine.
func (r *run) setAt(errs *Errors, ref *fieldRef, rule, message string) *Errors {
	r.path = append(r.path, ref.path...)
	v := r.violation(ref.field, rule, message)
	r.path = r.path[:len(r.path)-len(ref.path)]
	out, ok := errs.setPath(ref.path, v)
	if !ok {
		r.raised = true
	}
	return out
}

func (r *run) entityFault(ec *entityCheck, errs *Errors, message string) *Errors {
	v := r.violation(nil, checkTraits[ec.kind].name, message)
	v.Entity = true
	for i := range ec.fields {
		v.Fields = append(v.Fields, ec.fields[i].name)
	}
	return errs.addEntity(v)
}

func names(refs []fieldRef) []string {
	out := make([]string, len(refs))
	for i := range refs {
		out[i] = refs[i].name
	}
	return out
}

// count returns how many of the values are known to be non-empty, and how many
// may yet be.
func count(values []any) (set, open int) {
	for _, v := range values {
		switch {
		case IsUnknown(v):
			open++
		case !isEmpty(v):
			set++
		}
	}
	return set, open
}

func valuesOf(refs []fieldRef, m map[string]any) []any {
	out := make([]any, len(refs))
	for i := range refs {
		out[i] = refs[i].path.Get(m)
	}
	return out
}

// emptyRecords counts the records that are given without any member.
func emptyRecords(refs []fieldRef, m map[string]any) int {
	n := 0
	for i := range refs {
		v := refs[i].path.Get(m)
		if refs[i].field != nil && refs[i].field.Type == Record && v != nil && isTable(v) && isEmpty(v) {
			n++
		}
	}
	return n
}

// counted runs the checks that only count non-empty fields.
func (r *run) counted(ec *entityCheck, m map[string]any, errs *Errors) *Errors {
	set, open := count(r.found)
	if ec.nilIsNull { // a record that is there is complete, and so never empty
		set += emptyRecords(ec.fields, m)
	}
	message := ""
	switch {
	case ec.kind == atLeastOneOf && set+open == 0:
		return r.entityFault(ec, errs, r.atLeastOne(quoteNames(names(ec.fields))))
	case ec.kind == onlyOneOf && (set > 1 || set+open == 0):
		message = "exactly one of these fields must be non-empty: "
	case ec.kind == mutuallyRequired && set > 0 && set+open < len(ec.fields):
		message = "all or none of these fields must be set: "
	case ec.kind == mutuallyExclusive && set > 1:
		message = "only one or none of these fields must be set: "
	default:
		return errs
	}
	return r.entityFault(ec, errs, message+quoteNames(names(ec.fields)))
}

func (r *run) atLeastOne(list string) string {
	message := "at least one of these fields must be non-empty: " + list
	if r.op == Update {
		return "when updating, " + message
	}
	return message
}

func (r *run) distinct(ec *entityCheck, m map[string]any, errs *Errors) *Errors {
	var seen []any
	for i := range ec.fields {
		v := ec.fields[i].path.Get(m)
		if isEmpty(v) || IsUnknown(v) {
			continue
		}
		if containsScalar(seen, v) {
			return r.entityFault(ec, errs, "values of these fields must be distinct: "+quoteNames(names(ec.fields)))
		}
		seen = append(seen, v)
	}
	return errs
}

func (r *run) exclusiveSets(ec *entityCheck, m map[string]any, errs *Errors) *Errors {
	var parts []string
	for _, set := range [][]fieldRef{ec.set1, ec.set2} {
		var filled []string
		for i := range set {
			if v := set[i].path.Get(m); !isEmpty(v) && !IsUnknown(v) {
				filled = append(filled, set[i].name)
			}
		}
		if len(filled) == 0 {
			return errs
		}
		parts = append(parts, "("+quoteNames(filled)+")")
	}
	return r.entityFault(ec, errs, "these sets are mutually exclusive: "+strings.Join(parts, ", "))
}

// matches evaluates a condition; known is false if that depends on unknown
// values.
func (r *run) matches(match *Field, v any) (matched, known bool) {
	if r.unknownIn(v) {
		return false, false
	}
	if match.plain && v != nil {
		return match.holds(v), true
	}
	return r.field(match, v, match.Required) == nil, true
}

func (r *run) conditional(ec *entityCheck, errs *Errors) *Errors {
	then := r.found[1]
	matched, known := r.matches(ec.ifMatch, r.found[0])
	if !matched || !known {
		return errs
	}
	if r.unknownIn(then) {
		return errs
	}
	if then == nil && ec.thenMust {
		errs = r.setAt(errs, &ec.thenField, "required", "required field missing")
		return r.entityFault(ec, errs, ec.conditionFailed())
	}
	if ec.thenField.field != nil && ec.thenField.field.Type == Record && then != nil && !ec.thenMatch.eqNull {
		// Kong's engine fails with an error here.
		return r.raisedAt(ec, errs, "a conditional cannot judge a record")
	}
	n := r.field(ec.thenMatch, then, ec.thenMatch.Required)
	if n == nil {
		return errs
	}
	text := ec.conditionFailed()
	if ec.thenErr != "" {
		text = strings.ReplaceAll(ec.thenErr, "%s", ec.ifField.name)
	}
	out, ok := errs.setPath(ec.thenField.path, r.moved(n, ec.thenField.path))
	if !ok {
		r.raised = true
	}
	return r.entityFault(ec, out, text)
}

// ruledOut is a quick test that the condition does not hold. The field of the
// condition is there, so the check would report nothing.
func (ec *entityCheck) ruledOut(m map[string]any) bool {
	if ec.incomplete != "" || !ec.ifMatch.plain {
		return false
	}
	v := ec.ifField.path.Get(m)
	return v != nil && !IsUnknown(v) && !ec.ifMatch.holds(v)
}

func (ec *entityCheck) conditionFailed() string {
	return fmt.Sprintf("failed conditional validation given value of field '%s'", ec.ifField.name)
}

// moved puts the path of the field in front of the leaves of a result that was
// judged from the level of the check.
func (r *run) moved(n node, path Path) node {
	prefix := len(r.path)
	eachLeaf(n, func(v *Violation) { v.Path = slices.Insert(v.Path, prefix, path...) })
	return n
}

func (r *run) raisedAt(ec *entityCheck, errs *Errors, message string) *Errors {
	v := r.violation(nil, "raised", message)
	v.Entity = true
	v.Fields = names(ec.fields)
	return errs.addEntity(v)
}

func (r *run) conditionalAtLeastOneOf(ec *entityCheck, m map[string]any, errs *Errors) *Errors {
	v, ok := ec.ifField.path.Lookup(m)
	if !ok {
		return errs
	}
	matched, known := r.matches(ec.ifMatch, v)
	if !known {
		return errs
	}
	fields, text := ec.thenFields, ec.thenErr
	if !matched {
		if ec.elseMatch == nil {
			return errs
		}
		if matched, _ = r.matches(ec.elseMatch, v); !matched {
			return errs
		}
		fields, text = ec.elseFields, ec.elseErr
	}
	if set, open := count(valuesOf(fields, m)); set > 0 || open > 0 {
		return errs
	}
	list := quoteNames(names(fields))
	if text != "" {
		return r.entityFault(ec, errs, strings.ReplaceAll(text, "%s", list))
	}
	return r.entityFault(ec, errs, r.atLeastOne(list))
}

func (r *run) customEntityCheck(ec *entityCheck, m map[string]any, errs *Errors) *Errors {
	projection := project(ec.fields, m)
	if r.unknownIn(projection) {
		return errs
	}
	results, err := ec.fn.Call(r.function(), projection)
	if err != nil {
		return r.raisedAt(ec, errs, "the function of the entity check failed: "+err.Error())
	}
	if len(results) > 0 && truthy(results[0]) {
		return errs
	}
	for i := 2; i >= 1; i-- {
		if len(results) <= i || results[i] == nil {
			continue
		}
		if s, ok := results[i].(string); ok {
			return r.entityFault(ec, errs, s)
		}
		v := r.violation(nil, checkTraits[ec.kind].name, fmt.Sprint(results[i]))
		v.Value, v.Fields = r.boundedValue(results[i]), names(ec.fields)
		return errs.addEntity(v)
	}
	return r.entityFault(ec, errs, "failed entity check: custom_entity_check({ name = "+inline(ec.arg)+" })")
}

// project builds the entity that a custom check sees: the fields it names and
// nothing else. A field that is absent leaves its parents behind, empty.
func project(refs []fieldRef, m map[string]any) map[string]any {
	out := map[string]any{}
	for i := range refs {
		projectOne(out, m, refs[i].path)
	}
	return out
}

func projectOne(out, m map[string]any, path Path) {
	for i, step := range path {
		key := step.Name
		v, ok := m[key]
		if i == len(path)-1 || !ok || v == nil || IsUnknown(v) {
			if ok {
				out[key] = v
			}
			return
		}
		next, isMap := v.(map[string]any)
		if !isMap {
			return
		}
		level, isMap := out[key].(map[string]any)
		if !isMap {
			level = map[string]any{}
			out[key] = level
		}
		out, m = level, next
	}
}
