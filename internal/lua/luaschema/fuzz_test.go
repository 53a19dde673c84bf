package luaschema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
)

// script turns bytes into a program that is Lua, whatever it does: it calls
// library functions with all kinds of values, in loops, metamethods, coroutines
// and protected calls.
type script struct {
	data []byte
	out  strings.Builder
}

func (s *script) pick(n int) int {
	if len(s.data) == 0 {
		return 0
	}
	b := int(s.data[0])
	s.data = s.data[1:]
	return b % n
}

var atoms = []string{
	"a", "b", "c", "nil", "true", "false", "0", "1", "2", "-1", "0.5", "1e9", "1e300", "-1e300", "(0/0)", "math.huge", "60000000", `""`, `"x"`, `"%"`, `"(a*)%1"`, `"%s%d"`,
	"ngx.null", "{}", "{ 1, 2, 3 }", "{ a = 1, [2] = {} }", "print", "io", "string", "_G", `("xy"):rep(1000)`, "coroutine.create(f)", "f", "m", "typedefs.host", "...",
}

var operators = []string{"+", "-", "*", "/", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or"}

func (s *script) expression(depth int) string {
	if depth == 0 || len(s.data) == 0 {
		return atoms[s.pick(len(atoms))]
	}
	switch s.pick(9) {
	case 0, 1, 2:
		// a function by its number among all there are
		return fmt.Sprintf("functions[%d](%s)", s.pick(256), s.expressions(depth-1))
	case 3:
		return "(" + s.expression(depth-1) + " " + operators[s.pick(len(operators))] + " " + s.expression(depth-1) + ")"
	case 4:
		return "{ " + s.expressions(depth-1) + ", [" + s.expression(depth-1) + "] = " + s.expression(depth-1) + " }"
	case 5:
		return "(" + s.expression(depth-1) + ")[" + s.expression(depth-1) + "]"
	case 6:
		return "setmetatable(" + s.expression(depth-1) + ", " + s.expression(depth-1) + ")"
	case 7:
		return "(#" + s.expression(depth-1) + ")"
	default:
		return "function(...) return " + s.expressions(depth-1) + " end"
	}
}

func (s *script) expressions(depth int) string {
	list := []string{s.expression(depth)}
	for range s.pick(4) {
		list = append(list, s.expression(depth))
	}
	return strings.Join(list, ", ")
}

func (s *script) statement(depth int) {
	switch s.pick(9) {
	case 0, 1:
		fmt.Fprintf(&s.out, "%s = %s\n", []string{"a", "b", "c", "g"}[s.pick(4)], s.expression(3))
	case 2:
		fmt.Fprintf(&s.out, "local a, b = %s\n", s.expressions(2))
	case 3:
		fmt.Fprintf(&s.out, "pcall(function(...) a[%s] = %s end, %s)\n", s.expression(2), s.expression(2), s.expressions(2))
	case 4:
		fmt.Fprintf(&s.out, "a, b[%s], c = %s\n", s.expression(1), s.expressions(2))
	case 5:
		s.out.WriteString("for i = 1, 10 do\n")
		s.block(depth)
		s.out.WriteString("end\n")
	case 6:
		s.out.WriteString("b = coroutine.wrap(function(...)\n")
		s.block(depth)
		fmt.Fprintf(&s.out, "coroutine.yield(%s) end)\n", s.expressions(2))
	case 7:
		s.out.WriteString("a, c = xpcall(function(...)\n")
		s.block(depth)
		fmt.Fprintf(&s.out, "end, %s)\n", s.expressions(2))
	default:
		fmt.Fprintf(&s.out, "m[%q] = %s\n", []string{"__index", "__newindex", "__call", "__concat", "__eq", "__lt", "__le", "__len", "__tostring", "__unm", "__pairs", "__metatable"}[s.pick(12)], s.expression(2))
	}
}

func (s *script) block(depth int) {
	if depth == 0 {
		return
	}
	for range 1 + s.pick(3) {
		s.statement(depth - 1)
	}
}

// FuzzScript runs programs that are made to reach everything in the sandbox:
// none may hang or panic.
func FuzzScript(f *testing.F) {
	for _, seed := range []string{"a", "0123456789", strings.Repeat("\x05\x03\x07", 40), strings.Repeat("zyx!", 60), "\x08\x00\x01\x02\x08\x01\x01\x02\x00\x00\x03\x04"} {
		f.Add([]byte(seed))
	}
	const prelude = `
local typedefs = require "kong.db.schema.typedefs"
local functions, names, seen = {}, {}, {}
local function collect(prefix, t)
  if seen[t] then return end
  seen[t] = true
  for k, v in pairs(t) do
    if type(v) == "table" then collect(prefix .. k .. ".", v)
    elseif type(v) == "function" then names[#names + 1] = prefix .. k functions[prefix .. k] = v end
  end
end
collect("", _G)
for _, name in ipairs { "cjson", "cjson.safe", "pl.tablex", "socket.url", "string.buffer", "kong.db.schema", "kong.tools.table", "kong.tools.http" } do collect(name .. ":", require(name)) end
table.sort(names)
local list = functions
functions = setmetatable({}, { __index = function(_, i) return list[names[i % #names + 1]] end })
local find, error, type, pcall = string.find, error, type, pcall
local function check(ok, err)
  if not ok and type(err) == "string" and find(err, "runtime error", 1, true) then error(err, 0) end
end
local a, b, c, m = {}, {}, {}, {}
local function f(...) return ... end
setmetatable(a, m)
`
	parent, refs := entity.OpenSourcePlugin(), entity.Schemas
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &script{data: data}
		for range 50 {
			if len(s.data) == 0 {
				break
			}
			s.out.WriteString("check(pcall(function(...)\n")
			s.statement(3)
			s.out.WriteString("end))\n")
		}
		source := prelude + s.out.String() + "\nreturn { name = a, fields = { b, c } }"
		_, err := luaschema.LoadWithin(t.Context(), source, 300_000, parent, refs)
		if err != nil && strings.Contains(err.Error(), "runtime error") {
			t.Errorf("%s\n%v", source, err)
		}
	})
}
