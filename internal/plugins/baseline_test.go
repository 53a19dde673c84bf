package plugins_test

import (
	_ "embed"
	"strconv"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
)

//go:embed testdata/baseline.lua
var baselineSource string

// BenchmarkBaseline is the straightforward design to compare with: the checks
// run in Lua inside gopher-lua, the entity goes in and comes back as a table.
// Entity checks and custom functions are left out, in its favour.
func BenchmarkBaseline(b *testing.B) {
	for _, s := range subjects(b) {
		b.Run(s.name, func(b *testing.B) {
			l := lua.NewState()
			defer l.Close()
			null := l.NewUserData()
			l.SetGlobal("null", null)
			if err := l.DoString(baselineSource); err != nil {
				b.Fatal(err)
			}
			run := l.Get(-1)
			plugin, ok := s.set.Lookup(s.plugin)
			if !ok {
				b.Fatalf("no plugin %s", s.plugin)
			}
			definition := toLua(l, null, entityDefinition(plugin))
			in := parse(b, s.text)
			b.SetBytes(int64(len(s.text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := l.CallByParam(lua.P{Fn: run, NRet: 2, Protect: true}, definition, toLua(l, null, in)); err != nil {
					b.Fatal(err)
				}
				if l.Get(-1) != lua.LNil {
					b.Fatalf("%s: the baseline refuses the entity", s.name)
				}
				fromLua(l.Get(-2), null)
				l.Pop(2)
			}
		})
	}
}

// entityDefinition is the plugin's entity as one definition.
func entityDefinition(p *plugins.Plugin) map[string]any {
	var fields []any
	for _, f := range p.Schema.Fields {
		fields = append(fields, map[string]any{f.Name: f.Def})
	}
	return map[string]any{"fields": fields}
}

func toLua(l *lua.LState, null lua.LValue, v any) lua.LValue {
	switch v := v.(type) {
	case nil:
		return null
	case string:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case map[string]any:
		t := l.CreateTable(0, len(v))
		for k, e := range v {
			t.RawSetString(k, toLua(l, null, e))
		}
		return t
	case []any:
		t := l.CreateTable(len(v), 0)
		for _, e := range v {
			t.Append(toLua(l, null, e))
		}
		return t
	case interface{ String() string }: // numbers keep their text until here
		f, err := strconv.ParseFloat(v.String(), 64)
		if err == nil {
			return lua.LNumber(f)
		}
	}
	return lua.LNil
}

func fromLua(v, null lua.LValue) any {
	switch v := v.(type) {
	case lua.LString:
		return string(v)
	case lua.LBool:
		return bool(v)
	case lua.LNumber:
		return float64(v)
	case *lua.LTable:
		if n := v.Len(); n > 0 {
			list := make([]any, 0, n)
			v.ForEach(func(_, e lua.LValue) { list = append(list, fromLua(e, null)) })
			return list
		}
		m := map[string]any{}
		v.ForEach(func(k, e lua.LValue) { m[k.String()] = fromLua(e, null) })
		return m
	}
	return nil
}
