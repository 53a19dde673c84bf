package luaschema

import (
	"fmt"
	"math"
	"math/bits"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var bitFunctions = functions{
	"tobit":   bitUnary("tobit", func(x uint32) uint32 { return x }),
	"bnot":    bitUnary("bnot", func(x uint32) uint32 { return ^x }),
	"bswap":   bitUnary("bswap", bits.ReverseBytes32),
	"band":    bitFold("band", func(a, b uint32) uint32 { return a & b }),
	"bor":     bitFold("bor", func(a, b uint32) uint32 { return a | b }),
	"bxor":    bitFold("bxor", func(a, b uint32) uint32 { return a ^ b }),
	"lshift":  bitShift("lshift", func(x uint32, n int) uint32 { return x << n }),
	"rshift":  bitShift("rshift", func(x uint32, n int) uint32 { return x >> n }),
	"arshift": bitShift("arshift", func(x uint32, n int) uint32 { return uint32(int32(x) >> n) }),
	"rol":     bitShift("rol", func(x uint32, n int) uint32 { return bits.RotateLeft32(x, n) }),
	"ror":     bitShift("ror", func(x uint32, n int) uint32 { return bits.RotateLeft32(x, -n) }),
	"tohex":   bitToHex,
}

// word is an argument as 32 bits.
func (a arguments) word(n int) uint32 {
	f := a.number(n)
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return 0
	}
	return uint32(int64(math.Mod(math.RoundToEven(f), 1<<32)))
}

func pushWord(l *lua.LState, x uint32) int {
	l.Push(lua.LNumber(int32(x)))
	return 1
}

func bitUnary(name string, f func(uint32) uint32) lua.LGFunction {
	return func(l *lua.LState) int { return pushWord(l, f(arguments{l, name}.word(1))) }
}

func bitFold(name string, f func(a, b uint32) uint32) lua.LGFunction {
	return func(l *lua.LState) int {
		a := arguments{l, name}
		x := a.word(1)
		for i := 2; i <= l.GetTop(); i++ {
			x = f(x, a.word(i))
		}
		return pushWord(l, x)
	}
}

func bitShift(name string, f func(x uint32, n int) uint32) lua.LGFunction {
	return func(l *lua.LState) int {
		a := arguments{l, name}
		return pushWord(l, f(a.word(1), int(a.word(2)&31)))
	}
}

func bitToHex(l *lua.LState) int {
	a := arguments{l, "tohex"}
	digits := 8
	if l.Get(2) != lua.LNil {
		digits = a.integer(2)
	}
	text := fmt.Sprintf("%08x", a.word(1))
	if digits < 0 {
		text, digits = strings.ToUpper(text), -digits
	}
	l.Push(lua.LString(text[max(0, 8-digits):]))
	return 1
}
