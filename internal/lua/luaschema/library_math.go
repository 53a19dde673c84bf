package luaschema

import (
	"math"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

func (s *sandbox) mathLibrary() lua.LValue {
	list := functions{"random": s.mathRandom, "fmod": mathFmod, "frexp": mathFrexp, "ldexp": mathLdexp, "modf": mathModf, "max": mathMax, "min": mathMin, "log": mathLog, "pow": mathPow, "atan2": mathAtan2}
	for name, f := range unaryMath {
		list[name] = func(l *lua.LState) int {
			l.Push(lua.LNumber(f(arguments{l, name}.number(1))))
			return 1
		}
	}
	t := s.library(list)
	t.RawSetString("pi", lua.LNumber(math.Pi))
	t.RawSetString("huge", lua.LNumber(math.Inf(1)))
	return t
}

var unaryMath = map[string]func(float64) float64{
	"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "ceil": math.Ceil, "cos": math.Cos, "cosh": math.Cosh,
	"deg": func(x float64) float64 { return x * 180 / math.Pi }, "exp": math.Exp, "floor": math.Floor, "log10": math.Log10,
	"rad": func(x float64) float64 { return x * math.Pi / 180 }, "sin": math.Sin, "sinh": math.Sinh, "sqrt": math.Sqrt,
	"tan": math.Tan, "tanh": math.Tanh,
}

// mathRandom gives a schema the same numbers each time: its verdicts must not
// differ from one run to the next.
func (s *sandbox) mathRandom(l *lua.LState) int {
	next := rand.New(&s.random).Float64()
	a := arguments{l, "random"}
	if l.GetTop() == 0 {
		l.Push(lua.LNumber(next))
		return 1
	}
	low, high := 1, a.integer(1)
	if l.GetTop() > 1 {
		low, high = high, a.integer(2)
	}
	if low > high {
		a.fail(l.GetTop(), "interval is empty")
	}
	l.Push(lua.LNumber(float64(low) + math.Floor(next*float64(high-low+1))))
	return 1
}

func pushNumbers(l *lua.LState, numbers ...float64) int {
	for _, n := range numbers {
		l.Push(lua.LNumber(n))
	}
	return len(numbers)
}

func mathFmod(l *lua.LState) int {
	a := arguments{l, "fmod"}
	return pushNumbers(l, math.Mod(a.number(1), a.number(2)))
}

func mathPow(l *lua.LState) int {
	a := arguments{l, "pow"}
	return pushNumbers(l, math.Pow(a.number(1), a.number(2)))
}

func mathAtan2(l *lua.LState) int {
	a := arguments{l, "atan2"}
	return pushNumbers(l, math.Atan2(a.number(1), a.number(2)))
}

func mathFrexp(l *lua.LState) int {
	fraction, exponent := math.Frexp(arguments{l, "frexp"}.number(1))
	return pushNumbers(l, fraction, float64(exponent))
}

func mathLdexp(l *lua.LState) int {
	a := arguments{l, "ldexp"}
	return pushNumbers(l, math.Ldexp(a.number(1), a.integer(2)))
}

func mathModf(l *lua.LState) int {
	n := arguments{l, "modf"}.number(1)
	whole := math.Trunc(n)
	fraction := n - whole
	if math.IsInf(n, 0) {
		fraction = 0
	}
	return pushNumbers(l, whole, fraction)
}

// mathLog takes a base as LuaJIT does.
func mathLog(l *lua.LState) int {
	a := arguments{l, "log"}
	n := math.Log(a.number(1))
	if l.Get(2) != lua.LNil {
		n /= math.Log(a.number(2))
	}
	return pushNumbers(l, n)
}

func mathMax(l *lua.LState) int { return mathExtreme(l, "max", math.Max) }
func mathMin(l *lua.LState) int { return mathExtreme(l, "min", math.Min) }

func mathExtreme(l *lua.LState, name string, pick func(a, b float64) float64) int {
	a := arguments{l, name}
	n := a.number(1)
	for i := 2; i <= l.GetTop(); i++ {
		n = pick(n, a.number(i))
	}
	return pushNumbers(l, n)
}
