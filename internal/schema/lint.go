package schema

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/luapattern"
)

// Warning is something that Kong accepts in a schema and its author regrets.
type Warning struct {
	Path    Path   // inside the definition
	Message string // what happens
	Hint    string // what to write instead
}

// Lua renders a path the way a schema's author counts: from 1.
func (p Path) Lua() string {
	var b strings.Builder
	for i, s := range p {
		switch {
		case s.Name == "":
			b.WriteString("[" + strconv.Itoa(s.Index+1) + "]")
		case i > 0:
			b.WriteString("." + s.Name)
		default:
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

// Lint reports what the metaschema lets pass in a plugin schema's definition
// although it does not do what it seems to. parent is the plugins entity, to
// whose fields the plugin's own checks may refer as well.
func Lint(def Def, parent *Schema) []Warning {
	l := linter{parent: parent}
	if def["check"] != nil {
		l.at(Key("check"), func() {
			l.warn("Kong never calls the check function of a plugin schema", "use entity_checks with a custom_entity_check")
		})
	}
	if list, _ := asSequence(def["shorthand_fields"]); len(list) > 0 {
		l.at(Key("shorthand_fields"), func() {
			l.warn("Kong does not read shorthand fields beside fields", "move them into the config record")
		})
	}
	l.level(def, true)
	return l.warnings
}

type linter struct {
	parent   *Schema
	path     Path
	warnings []Warning
}

func (l *linter) at(s Step, do func()) {
	l.path = append(l.path, s)
	do()
	l.path = l.path[:len(l.path)-1]
}

func (l *linter) warn(message, hint string) {
	l.warnings = append(l.warnings, Warning{append(Path(nil), l.path...), message, hint})
}

// level looks at a field list and the checks beside it.
func (l *linter) level(def Def, top bool) {
	fields, _ := asSequence(def["fields"])
	seen := map[string]bool{}
	for i, item := range fields {
		name, fdef, ok := fieldEntry(item)
		m, isDef := fdef.(map[string]any)
		if !ok || !isDef {
			continue
		}
		l.at(Key("fields"), func() {
			l.at(At(i), func() {
				l.at(Key(name), func() {
					if seen[name] {
						l.warn(fmt.Sprintf("the field '%s' is defined twice: the first definition gives the default, the last one validates", name), "keep one of them")
					}
					seen[name] = true
					l.topField(m, name, top)
					l.field(m)
				})
			})
		})
	}
	l.checks(def, top)
}

func (l *linter) topField(def Def, name string, top bool) {
	if top && def["type"] == "foreign" && def["required"] == true {
		l.warn(fmt.Sprintf("required does not make '%s' mandatory: only an explicit null is refused", name), "check the scope in the plugin's handler")
	}
}

func (l *linter) field(def Def) {
	typ, _ := def["type"].(string)
	l.rules(def, typ)
	for _, inner := range []string{"elements", "keys", "values"} {
		m, ok := def[inner].(map[string]any)
		if !ok {
			continue
		}
		l.at(Key(inner), func() {
			if _, ok := m["default"]; ok {
				l.warn("a default of "+inner+" is never filled in", "give the default on the field itself")
			}
			l.field(m)
		})
	}
	if typ == "record" {
		l.level(def, false)
	} else if def["entity_checks"] != nil {
		l.at(Key("entity_checks"), func() {
			l.warn("only records run entity_checks, this field is of type "+typ, "move them to the record")
		})
	}
}

// fitting says on which types a rule can run at all; Kong's metaschema does
// not ask, and the rule fails with an error when it runs.
var fitting = map[string]string{
	"gt": "number integer", "len_min": "string array set map record", "len_max": "string array set map record",
	"not_match": "string", "starts_with": "string", "match_all": "string", "match_none": "string", "match_any": "string",
}

func (l *linter) rules(def Def, typ string) {
	for _, name := range sortedKeys(fitting) {
		if def[name] != nil && !strings.Contains(" "+fitting[name]+" ", " "+typ+" ") {
			l.at(Key(name), func() {
				l.warn(fmt.Sprintf("%s fails with an error on every value of type %s", name, typ), "use it on: "+fitting[name])
			})
		}
	}
	l.patterns(def)
	l.impossible(def)
}

// patterns reports Lua patterns that fail when they are first used.
func (l *linter) patterns(def Def) {
	for _, name := range []string{"match", "not_match"} {
		if p, ok := def[name].(string); ok {
			l.at(Key(name), func() { l.pattern(p) })
		}
	}
	for _, name := range []string{"match_all", "match_none"} {
		list, _ := asSequence(def[name])
		for i, item := range list {
			m, _ := item.(map[string]any)
			if p, ok := m["pattern"].(string); ok {
				l.at(Key(name), func() { l.at(At(i), func() { l.pattern(p) }) })
			}
		}
	}
	m, _ := def["match_any"].(map[string]any)
	for i, p := range stringsOf(m["patterns"]) {
		l.at(Key("match_any"), func() { l.at(At(i), func() { l.pattern(p) }) })
	}
}

func (l *linter) pattern(p string) {
	if _, err := luapattern.Compile(p); err != nil {
		l.warn(err.Error(), "these are Lua patterns, not regular expressions; is_regex is the rule for those")
		return
	}
	if strings.Contains(p, "|") && strings.Contains(p, "(") || strings.Contains(p, `\d`) || strings.Contains(p, `\w`) {
		l.warn(fmt.Sprintf("%q looks like a regular expression, but Lua patterns have neither alternation nor \\d", p), "write %d, %w, and match_any for alternatives")
	}
}

// impossible reports rules that no value satisfies.
func (l *linter) impossible(def Def) {
	between, _ := asSequence(def["between"])
	if len(between) == 2 {
		lo, ok1 := toFloat(between[0])
		hi, ok2 := toFloat(between[1])
		if ok1 && ok2 && lo > hi {
			l.at(Key("between"), func() { l.warn("no value lies between these bounds", "put the lower bound first") })
		}
	}
	least, ok1 := toFloat(def["len_min"])
	most, ok2 := toFloat(def["len_max"])
	if ok1 && ok2 && least > most {
		l.at(Key("len_min"), func() { l.warn("no value satisfies both len_min and len_max", "len_min must not exceed len_max") })
	}
}

// checks looks at the entity checks of a level.
func (l *linter) checks(def Def, top bool) {
	list, _ := asSequence(def["entity_checks"])
	for i, item := range list {
		m, _ := item.(map[string]any)
		for _, name := range sortedKeys(m) {
			l.at(Key("entity_checks"), func() {
				l.at(At(i), func() { l.at(Key(name), func() { l.check(def, name, m[name], top) }) })
			})
		}
	}
}

func (l *linter) check(def Def, name string, arg any, top bool) {
	m, isRecord := arg.(map[string]any)
	if !isRecord {
		for i, f := range stringsOf(arg) {
			l.at(At(i), func() { l.named(def, f, top) })
		}
		return
	}
	for _, part := range []string{"if_field", "then_field"} {
		if f, ok := m[part].(string); ok {
			l.at(Key(part), func() { l.named(def, f, top) })
		}
	}
	for _, part := range []string{"field_sources", "then_at_least_one_of", "else_then_at_least_one_of", "set1", "set2"} {
		for i, f := range stringsOf(m[part]) {
			l.at(Key(part), func() { l.at(At(i), func() { l.named(def, f, top) }) })
		}
	}
	l.complete(name, m)
	l.reachable(def, m)
	l.holdsForNull(def, m)
}

// neededBy lists what Kong's engine takes for granted when a check runs.
var neededBy = map[string][]string{
	"conditional":                 {"if_field", "if_match", "then_field", "then_match"},
	"conditional_at_least_one_of": {"if_field", "if_match", "then_at_least_one_of"},
	"custom_entity_check":         {"field_sources", "fn"},
	"mutually_exclusive_sets":     {"set1", "set2"},
}

func (l *linter) complete(name string, m map[string]any) {
	for _, part := range neededBy[name] {
		if m[part] == nil {
			l.warn(fmt.Sprintf("without %s the check fails with an error whenever it runs", part), "add "+part)
		}
	}
}

// named reports a field that does not exist where the check looks for it.
func (l *linter) named(def Def, name string, top bool) {
	path := strings.Split(name, ".")
	if declares(def["fields"], path) || top && l.parentHas(path) || l.belowMap(def, path) {
		return
	}
	hint := "checks beside fields name fields from the plugin's root: config." + name
	inConfig := top && declares(def["fields"], append([]string{"config"}, path...))
	rest, prefixed := strings.CutPrefix(name, "config.")
	switch {
	case inConfig:
	case prefixed && !top && declares(def["fields"], strings.Split(rest, ".")):
		hint = "checks inside a record name its fields relative to it: " + rest
	default:
		hint = "name a field that this level declares"
	}
	l.warn(fmt.Sprintf("no field is called '%s' here, so the check never sees a value", name), hint)
}

func (l *linter) parentHas(path []string) bool {
	return l.parent != nil && l.parent.index[path[0]] != nil && (len(path) == 1 || path[0] != "config")
}

// belowMap allows names that lead into a map, whose keys nobody declares.
func (l *linter) belowMap(def Def, path []string) bool {
	for i := 1; i < len(path); i++ {
		if f := definitionAt(def["fields"], path[:i]); f != nil && f["type"] == "map" {
			return true
		}
	}
	return false
}

// definitionAt returns the definition that a path of names leads to, or nil.
func definitionAt(fields any, path []string) Def {
	list, _ := asSequence(fields)
	for _, item := range list {
		name, fdef, ok := fieldEntry(item)
		m, isDef := fdef.(map[string]any)
		if !ok || !isDef || name != path[0] {
			continue
		}
		if len(path) == 1 {
			return m
		}
		return definitionAt(m["fields"], path[1:])
	}
	return nil
}

// holdsForNull reports a condition that a field meets by not being set, which
// few expect: null passes every rule but eq, ne and required.
func (l *linter) holdsForNull(def Def, m map[string]any) {
	name, _ := m["if_field"].(string)
	match, ok := m["if_match"].(map[string]any)
	f := definitionAt(def["fields"], strings.Split(name, "."))
	if !ok || f == nil || f["required"] == true || f["default"] != nil {
		return
	}
	layered := Def{}
	for _, part := range []map[string]any{f, match} {
		for _, rule := range []string{"eq", "ne", "required"} {
			if v, ok := part[rule]; ok {
				layered[rule] = v
			}
		}
	}
	_, equals := layered["eq"] // whether with null, which is asked for, or with another value
	ne, differs := layered["ne"]
	if equals || differs && ne == nil || layered["required"] == true {
		return
	}
	hint := "add required = true to if_match, or give the field a default"
	if len(match) == 0 {
		hint = "to compare with null write eq = ngx.null; eq = nil is nothing in Lua"
	}
	l.at(Key("if_match"), func() {
		l.warn(fmt.Sprintf("this holds when '%s' is not set, too", name), hint)
	})
}

// reachable reports a condition that no value of its field can meet.
func (l *linter) reachable(def Def, m map[string]any) {
	name, _ := m["if_field"].(string)
	match, _ := m["if_match"].(map[string]any)
	f := definitionAt(def["fields"], strings.Split(name, "."))
	allowed, _ := asSequence(f["one_of"])
	if f == nil || len(allowed) == 0 {
		return
	}
	wanted, _ := asSequence(match["one_of"])
	if eq, ok := match["eq"]; ok && eq != nil {
		wanted = []any{eq}
	}
	for _, w := range wanted {
		if containsScalar(allowed, w) {
			return
		}
	}
	if len(wanted) > 0 {
		l.at(Key("if_match"), func() {
			l.warn(fmt.Sprintf("'%s' is never one of: %s, so the check never applies", name, joinTexts(wanted)), "the field allows: "+joinTexts(allowed))
		})
	}
}
