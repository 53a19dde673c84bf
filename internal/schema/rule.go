package schema

import (
	"fmt"
	"math"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luapattern"
	"github.com/openkonnect/terraform-provider-konnect/internal/regex"
)

// ruleKind numbers the validators in the order in which Kong runs them,
// whatever the order of their declarations.
type ruleKind uint8

const (
	ruleEq ruleKind = iota
	ruleNe
	ruleNotOneOf
	ruleOneOf
	ruleGt
	ruleGte
	ruleLte
	ruleTimestamp
	ruleUUID
	ruleIsRegex
	ruleBetween
	ruleLenEq
	ruleLenMin
	ruleLenMax
	ruleStartsWith
	ruleNotMatch
	ruleMatchNone
	ruleMatch
	ruleMatchAll
	ruleMatchAny
	ruleContains
	ruleCustom
	ruleSubsets
)

// ruleNames are the attributes that declare the rules. Kong has no gte and lte:
// the catalog uses them for one-sided bounds whose original rule is not known.
var ruleNames = [...]string{
	"eq", "ne", "not_one_of", "one_of", "gt", "gte", "lte", "timestamp", "uuid", "is_regex", "between",
	"len_eq", "len_min", "len_max", "starts_with", "not_match", "match_none", "match", "match_all",
	"match_any", "contains", "custom_validator", "mutually_exclusive_subsets",
}

// rule is one compiled validator.
type rule struct {
	kind     ruleKind
	lo, hi   float64
	text     string
	value    any
	list     []any
	patterns []patternRule
	fn       *Function
	subsets  [][]any
}

type patternRule struct {
	pattern *luapattern.Pattern
	source  string
	err     string
}

// compileRules reads the validators of a field definition. An argument of the
// wrong form is an error; the metaschema reports it earlier.
func compileRules(def Def) ([]rule, error) {
	var rules []rule
	for i, name := range ruleNames {
		arg, ok := def[name]
		if !ok || arg == nil {
			continue // null forms of eq and ne are flags of the field
		}
		r, err := compileRule(ruleKind(i), arg)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

func compileRule(kind ruleKind, arg any) (rule, error) {
	r := rule{kind: kind}
	var ok bool
	switch kind {
	case ruleEq, ruleNe, ruleContains:
		r.value, ok = arg, true
	case ruleOneOf, ruleNotOneOf:
		r.list, ok = AsList(arg)
	case ruleGt, ruleGte, ruleLte, ruleLenEq, ruleLenMin, ruleLenMax:
		r.lo, ok = toFloat(arg)
	case ruleTimestamp, ruleUUID, ruleIsRegex:
		ok = true // a validator set to false still runs
	case ruleBetween:
		bounds, _ := AsList(arg)
		if len(bounds) == 2 {
			var lo, hi bool
			r.lo, lo = toFloat(bounds[0])
			r.hi, hi = toFloat(bounds[1])
			ok = lo && hi
		}
	case ruleStartsWith:
		r.text, ok = arg.(string)
	case ruleMatch, ruleNotMatch:
		var source string
		if source, ok = arg.(string); ok {
			r.addPattern(source, "")
		}
	case ruleMatchAll, ruleMatchNone, ruleMatchAny:
		return r, r.addPatterns(arg)
	case ruleCustom:
		r.fn, ok = arg.(*Function)
	case ruleSubsets:
		return r, r.addSubsets(arg)
	}
	if !ok {
		return r, errArgument
	}
	return r, nil
}

var errArgument = fmt.Errorf("argument of the wrong form")

func (r *rule) addPattern(source, message string) {
	p, err := luapattern.Compile(source)
	if err != nil {
		// Lua finds a malformed pattern when it runs; the rule then raises.
		p = nil
	}
	r.patterns = append(r.patterns, patternRule{p, source, message})
}

func (r *rule) addPatterns(arg any) error {
	if r.kind == ruleMatchAny {
		m, _ := arg.(map[string]any)
		list, ok := AsList(m["patterns"])
		if !ok {
			return errArgument
		}
		r.text, _ = m["err"].(string)
		for _, p := range list {
			source, ok := p.(string)
			if !ok {
				return errArgument
			}
			r.addPattern(source, "")
		}
		return nil
	}
	list, ok := AsList(arg)
	if !ok {
		return errArgument
	}
	for _, item := range list {
		m, _ := item.(map[string]any)
		source, ok := m["pattern"].(string)
		if !ok {
			return errArgument
		}
		message, _ := m["err"].(string)
		r.addPattern(source, message)
	}
	return nil
}

func (r *rule) addSubsets(arg any) error {
	list, ok := AsList(arg)
	if !ok {
		return errArgument
	}
	for _, s := range list {
		subset, ok := AsList(s)
		if !ok {
			return errArgument
		}
		r.subsets = append(r.subsets, subset)
	}
	return nil
}

// outcome of a rule: fine, broken with a message, or raised, where Kong's own
// engine fails with a Lua error because the rule does not fit the value.
type outcome struct {
	broken bool
	raised bool
	text   string
	value  any // from a custom validator that returned no text
}

var fine = outcome{}

func broken(format string, args ...any) outcome {
	return outcome{broken: true, text: fmt.Sprintf(format, args...)}
}

func raised(format string, args ...any) outcome {
	return outcome{broken: true, raised: true, text: fmt.Sprintf(format, args...)}
}

// apply runs the rule on a value that is neither null nor unknown and has the
// right type.
func (r *rule) apply(run *run, v any) outcome {
	if r.holds(v) {
		return fine
	}
	switch r.kind {
	case ruleEq:
		return broken("value must be %s", toText(r.value))
	case ruleNe:
		return broken("value must not be %s", toText(v))
	case ruleOneOf:
		return broken("expected one of: %s", joinTexts(r.list))
	case ruleNotOneOf:
		return broken("must not be one of: %s", joinTexts(r.list))
	case ruleGt, ruleGte, ruleLte, ruleTimestamp, ruleBetween:
		return r.numberFault(v)
	case ruleLenEq, ruleLenMin, ruleLenMax:
		return r.lengthFault(v)
	case ruleUUID, ruleIsRegex, ruleStartsWith, ruleMatch, ruleNotMatch, ruleMatchAll, ruleMatchNone, ruleMatchAny:
		return r.applyText(run, v)
	case ruleContains:
		list, _ := AsList(v)
		if !containsScalar(list, r.value) && !HasUnknown(list) {
			return broken("expected to contain: %s", toText(r.value))
		}
	case ruleCustom:
		return run.custom(r.fn, v)
	case ruleSubsets:
		return r.applySubsets(v)
	}
	return fine
}

// plain reports whether holds alone decides the rule.
func (r *rule) plain() bool {
	return r.kind <= ruleUUID || r.kind >= ruleBetween && r.kind <= ruleStartsWith
}

// holds is a quick test that a value keeps the rule, without a message. If it
// returns false, [rule.apply] has to decide, unless the rule is plain.
func (r *rule) holds(v any) bool {
	switch r.kind {
	case ruleEq:
		return scalarEqual(v, r.value)
	case ruleNe:
		return !scalarEqual(v, r.value)
	case ruleOneOf:
		return containsScalar(r.list, v)
	case ruleNotOneOf:
		return !containsScalar(r.list, v)
	case ruleUUID:
		s, ok := v.(string)
		return ok && IsUUID(s)
	case ruleStartsWith:
		s, ok := v.(string)
		return ok && strings.HasPrefix(s, r.text)
	case ruleLenEq, ruleLenMin, ruleLenMax:
		n, ok := length(v)
		return ok && r.bounds(float64(n))
	case ruleGt, ruleGte, ruleLte, ruleTimestamp, ruleBetween:
		f, ok := toFloat(v)
		return ok && r.bounds(f)
	}
	return false
}

// bounds compares a number, or a length, with those of the rule.
func (r *rule) bounds(f float64) bool {
	switch r.kind {
	case ruleGt:
		return f > r.lo
	case ruleGte, ruleLenMin:
		return f >= r.lo
	case ruleLte, ruleLenMax:
		return f <= r.lo
	case ruleLenEq:
		return f == r.lo
	case ruleTimestamp:
		return f > 0
	}
	return f >= r.lo && f <= r.hi
}

// length is the number of bytes of a text or of entries of a table.
func length(v any) (n int, ok bool) {
	switch v := v.(type) {
	case string:
		return len(v), true
	case []any:
		return len(v), true
	case map[string]any:
		return len(v), true
	}
	return 0, false
}

func containsScalar(list []any, v any) bool {
	for _, e := range list {
		if scalarEqual(e, v) {
			return true
		}
	}
	return false
}

func (r *rule) numberFault(v any) outcome {
	if _, ok := toFloat(v); !ok {
		return raised("%s needs a number", ruleNames[r.kind])
	}
	switch r.kind {
	case ruleGt:
		return broken("value must be greater than %s", formatNumber(r.lo))
	case ruleGte:
		return broken("value must be at least %s", formatNumber(r.lo))
	case ruleLte:
		return broken("value must be at most %s", formatNumber(r.lo))
	case ruleTimestamp:
		return broken("expected a valid timestamp")
	}
	return broken("value should be between %s and %s", formatTruncated(r.lo), formatTruncated(r.hi))
}

// formatTruncated prints a bound the way %d does in Lua: toward zero.
func formatTruncated(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return formatNumber(f)
	}
	return fmt.Sprintf("%.0f", math.Trunc(f)+0) // +0 turns -0 into 0
}

func (r *rule) lengthFault(v any) outcome {
	if _, ok := length(v); !ok {
		return raised("%s needs a string or a table", ruleNames[r.kind])
	}
	wanted := map[ruleKind]string{ruleLenEq: "", ruleLenMin: "at least ", ruleLenMax: "at most "}[r.kind]
	return broken("length must be %s%s", wanted, formatTruncated(r.lo))
}

func (r *rule) applyText(run *run, v any) outcome {
	s, ok := v.(string)
	if f, isNumber := toFloat(v); isNumber && r.kind == ruleStartsWith {
		s, ok = formatNumber(f), true // string.sub takes a number for its text, and value:find does not
	}
	if !ok {
		return raised("%s needs a string", ruleNames[r.kind])
	}
	switch r.kind {
	case ruleUUID:
		return broken("expected a valid UUID")
	case ruleIsRegex:
		if regex.Check(s, 0) != nil {
			return broken("not a valid regex: %s", s)
		}
	case ruleStartsWith:
		if !strings.HasPrefix(s, r.text) {
			return broken("should start with: %s", r.text)
		}
	default:
		return r.applyPatterns(run, s)
	}
	return fine
}

func (r *rule) applyPatterns(run *run, s string) outcome {
	any := false
	for i := range r.patterns {
		p := &r.patterns[i]
		if p.pattern == nil {
			return raised("malformed pattern: %s", p.source)
		}
		if run.searched > maxPatternSteps {
			return raised("pattern too complex: %s", p.source)
		}
		m, steps, _ := p.pattern.FindCounted(s, 0) // what goes beyond a bound does not match
		run.searched += steps
		matched := m != nil
		any = any || matched
		wanted := r.kind == ruleMatch || r.kind == ruleMatchAll
		if r.kind != ruleMatchAny && matched != wanted {
			if p.err != "" {
				return broken("%s", p.err)
			}
			return broken("invalid value: %s", s)
		}
	}
	if r.kind == ruleMatchAny && !any {
		if r.text != "" {
			return broken("%s", r.text)
		}
		return broken("invalid value: %s", s)
	}
	return fine
}

// applySubsets allows the elements of a value to come from one subset only.
// An element that stands in two subsets counts for the last one.
func (r *rule) applySubsets(v any) outcome {
	list, _ := AsList(v)
	var seen []int
	for _, e := range list {
		owner := -1
		for i, subset := range r.subsets {
			if containsScalar(subset, e) {
				owner = i
			}
		}
		if owner >= 0 && !containsInt(seen, owner) {
			seen = append(seen, owner)
		}
	}
	if len(seen) < 2 {
		return fine
	}
	parts := make([]string, len(seen))
	for i, s := range seen {
		names := make([]string, len(r.subsets[s]))
		for j, e := range r.subsets[s] {
			names[j] = toText(e)
		}
		parts[i] = "(" + quoteNames(names) + ")"
	}
	return broken("these sets are mutually exclusive: %s", strings.Join(parts, ", "))
}

func containsInt(list []int, n int) bool {
	for _, e := range list {
		if e == n {
			return true
		}
	}
	return false
}

// IsUUID reports whether the text has the form of a UUID, of any version.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
				return false
			}
		}
	}
	return true
}
