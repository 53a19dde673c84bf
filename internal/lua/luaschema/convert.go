package luaschema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// definition converts the result of the first run. The functions in it become
// closures over the program.
func (s *sandbox) definition(p *program) (schema.Def, error) {
	c := converter{sandbox: s, program: p, answers: true, made: map[*lua.LFunction]*schema.Function{}}
	v, err := c.value(s.result)
	if err != nil {
		return nil, err
	}
	def, ok := v.(schema.Def)
	if !ok {
		// the metaschema could not name the parts of a list
		return nil, &Error{Stage: Type, Message: "schema chunk returned a list", Hint: "a schema is a table with name and fields"}
	}
	return def, nil
}

// converter makes Go values of Lua values.
type converter struct {
	sandbox *sandbox
	program *program // nil for results of functions
	// answers says that the value is a result, messages that its texts are
	// shown to users.
	answers  bool
	messages bool
	made     map[*lua.LFunction]*schema.Function
	open     []*lua.LTable // the tables around the current value
	path     []lua.LValue  // where it stands
	count    int
}

// value converts a value; null becomes nil, as an absent one would.
func (c *converter) value(v lua.LValue) (any, error) {
	if c.count++; c.count > MaxResult {
		return nil, c.fail("holds more than %d values", MaxResult)
	}
	if c.answers && !c.sandbox.budget.say(valueSize) {
		return nil, ErrAnswer
	}
	switch v := v.(type) {
	case *lua.LNilType:
		return nil, nil
	case lua.LBool:
		return bool(v), nil
	case lua.LString:
		return c.text(string(v))
	case lua.LNumber:
		return number(float64(v)), nil
	case *lua.LTable:
		return c.table(v)
	case *lua.LFunction:
		return c.function(v)
	case *lua.LUserData:
		if v == c.sandbox.null {
			return nil, nil
		}
	}
	return nil, c.fail("holds a %s, which has no meaning in a schema", v.Type())
}

// text converts a text within the bound on results. For a text that is a result
// by itself, such as the value that a function was given, only its length is
// bounded.
func (c *converter) text(text string) (string, error) {
	if !c.answers {
		return text, nil
	}
	n := len(text)
	switch {
	case c.messages:
		text = schema.Cut(withoutAddresses(text))
		n = len(text)
	case len(c.open) == 0 && n <= MaxAnswer:
		n = 0
	}
	if !c.sandbox.budget.say(n) {
		return "", ErrAnswer
	}
	return text, nil
}

// number keeps the shortest text that means the same. JSON has no infinity, but
// bounds without an end are often written as one.
func number(f float64) any {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return f
	}
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return json.Number(strconv.FormatInt(int64(f), 10))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// table makes a list of a sequence and a map of anything else. Keys that are no
// texts become texts, so that the schema can refuse them.
func (c *converter) table(t *lua.LTable) (any, error) {
	for _, outer := range c.open {
		if outer == t {
			return nil, c.fail("is a table that contains itself")
		}
	}
	if len(c.open) == MaxResultDepth {
		return nil, c.fail("is nested more than %d levels deep", MaxResultDepth)
	}
	c.open = append(c.open, t)
	defer func() { c.open = c.open[:len(c.open)-1] }()
	keys, sequence := keysOf(t)
	if sequence {
		return c.list(t, len(keys))
	}
	m := make(map[string]any, len(keys))
	for _, key := range keys {
		name, err := c.text(mapKey(key))
		if err != nil {
			return nil, err
		}
		v, err := c.at(key, t.RawGet(key))
		if err != nil {
			return nil, err
		}
		m[name] = v
	}
	return m, nil
}

func (c *converter) list(t *lua.LTable, length int) (any, error) {
	list := make([]any, length)
	for i := range list {
		v, err := c.at(lua.LNumber(i+1), t.RawGetInt(i+1))
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

// at converts the value at a key of the current table.
func (c *converter) at(key, v lua.LValue) (any, error) {
	c.path = append(c.path, key)
	defer func() { c.path = c.path[:len(c.path)-1] }()
	return c.value(v)
}

// keysOf returns the keys of a table, and whether they are 1 to n.
func keysOf(t *lua.LTable) ([]lua.LValue, bool) {
	var keys []lua.LValue
	sequence := true
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		keys = append(keys, key)
		sequence = sequence && key == lua.LNumber(len(keys))
		if len(keys) > MaxResult {
			break
		}
	}
	return keys, sequence && len(keys) > 0
}

// mapKey is a key in the form by which the engine tells numbers from text.
func mapKey(key lua.LValue) string {
	if n, ok := arrayIndex(key); ok {
		return schema.PositionKey(n)
	}
	return keyText(key)
}

func keyText(key lua.LValue) string {
	switch key := key.(type) {
	case lua.LString:
		return string(key)
	case lua.LNumber:
		return numberText(key)
	case lua.LBool:
		return strconv.FormatBool(bool(key))
	}
	return "<" + key.Type().String() + ">"
}

// function returns the typedef's function as it is, and makes a closure of a
// Lua function. For one Lua function it always returns the same closure.
func (c *converter) function(f *lua.LFunction) (any, error) {
	if native := c.sandbox.natives[f]; native != nil {
		return native, nil
	}
	if c.program == nil {
		return nil, c.fail("holds a function")
	}
	if made := c.made[f]; made != nil {
		return made, nil
	}
	line := 0
	if f.Proto != nil {
		line = f.Proto.LineDefined
	}
	p := c.program
	made := p.function(len(p.paths), line)
	p.paths = append(p.paths, append([]lua.LValue(nil), c.path...))
	c.sandbox.functions = append(c.sandbox.functions, f)
	c.made[f] = made
	return made, nil
}

// fail says what is wrong with the value at the current path.
func (c *converter) fail(format string, args ...any) error {
	var path strings.Builder
	for _, step := range c.path {
		if n, ok := step.(lua.LNumber); ok {
			path.WriteString("[" + numberText(n) + "]")
			continue
		}
		if path.Len() > 0 {
			path.WriteByte('.')
		}
		path.WriteString(keyText(step))
	}
	where := path.String()
	if where == "" {
		where = "the result"
	}
	return &Error{Stage: Type, Message: where + " " + fmt.Sprintf(format, args...)}
}

// lift makes a Lua value of a Go value.
func (s *sandbox) lift(v any) lua.LValue {
	s.budget.steps++
	switch v := v.(type) {
	case nil:
		return s.null
	case bool:
		return lua.LBool(v)
	case string:
		return lua.LString(v)
	case json.Number:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil && !math.IsInf(f, 0) {
			return lua.LString(v)
		}
		return lua.LNumber(f)
	case float64:
		return lua.LNumber(v)
	case int:
		return lua.LNumber(v)
	case map[string]any:
		t := s.l.CreateTable(0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) { // pairs returns them in this order
			s.liftEntry(t, key, v[key])
		}
		return t
	case ordered:
		t := s.l.CreateTable(0, len(v))
		for _, e := range v {
			s.liftEntry(t, e.key, e.value)
		}
		return t
	case []any:
		t := s.l.CreateTable(len(v), 0)
		for i, e := range v {
			t.RawSetInt(i+1, s.lift(e))
		}
		return t
	case *schema.Function:
		return s.liftFunction(v)
	}
	return s.null
}

func (s *sandbox) liftEntry(t *lua.LTable, key string, v any) {
	if n, ok := schema.Position(key); ok {
		t.RawSetInt(n, s.lift(v))
		return
	}
	t.RawSetString(key, s.lift(v))
}

// liftFunction makes a Lua function of a native one, always the same for one.
func (s *sandbox) liftFunction(f *schema.Function) *lua.LFunction {
	if made := s.lifted[f]; made != nil {
		return made
	}
	made := s.l.NewFunction(func(l *lua.LState) int { return s.callNative(l, f) })
	s.lifted[f], s.natives[made] = made, f
	return made
}

// callNative calls a native function from Lua.
func (s *sandbox) callNative(l *lua.LState, f *schema.Function) int {
	c := converter{sandbox: s}
	args := make([]any, l.GetTop())
	for i := range args {
		v, err := c.value(l.Get(i + 1))
		if err != nil {
			l.RaiseError("%s", err.Error())
		}
		args[i] = v
	}
	if f.Check != nil {
		var value any
		if len(args) > 0 {
			value = args[0]
		}
		if message := f.Check(value); message != nil {
			l.Push(lua.LNil)
			l.Push(s.lift(message))
			return 2
		}
		l.Push(lua.LTrue)
		return 1
	}
	results, err := f.Call(s.budget, args...)
	if err != nil {
		l.RaiseError("%s", err.Error())
	}
	for _, result := range results {
		l.Push(s.lift(result))
	}
	return len(results)
}
