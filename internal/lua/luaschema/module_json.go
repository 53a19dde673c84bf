package luaschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// jsonCost is how many bytes a byte of JSON may take as Lua values.
const jsonCost = 128

func (s *sandbox) cjsonModule() lua.LValue {
	module := s.library(functions{
		"decode": func(l *lua.LState) int {
			v, err := s.decodeJSON(l, arguments{l, "decode"}.str(1))
			if err != nil {
				l.RaiseError("%s", err.Error())
			}
			l.Push(v)
			return 1
		},
		"encode": func(l *lua.LState) int {
			text, err := s.encodeJSON(l, arguments{l, "encode"}.any(1))
			if err != nil {
				l.RaiseError("%s", err.Error())
			}
			return pushText(l, text)
		},
	})
	return s.completeCJSON(module, "cjson")
}

// cjsonSafeModule returns nil and a message where cjson raises an error.
func (s *sandbox) cjsonSafeModule() lua.LValue {
	refuse := func(l *lua.LState, err error) int {
		l.Push(lua.LNil)
		l.Push(lua.LString(err.Error()))
		return 2
	}
	module := s.library(functions{
		"decode": func(l *lua.LState) int {
			text, ok := concatText(l.Get(1))
			if !ok {
				return refuse(l, errors.New("expected a string, got "+typeName(l.Get(1))))
			}
			v, err := s.decodeJSON(l, text)
			if err != nil {
				return refuse(l, err)
			}
			l.Push(v)
			return 1
		},
		"encode": func(l *lua.LState) int {
			text, err := s.encodeJSON(l, l.Get(1))
			if err != nil {
				return refuse(l, err)
			}
			return pushText(l, text)
		},
	})
	return s.completeCJSON(module, "cjson.safe")
}

func (s *sandbox) completeCJSON(module *lua.LTable, name string) lua.LValue {
	module.RawSetString("null", s.null)
	s.jsonArray, s.jsonEmptyArray = s.shared("array_mt"), s.shared("empty_array_mt")
	empty := s.shared("empty_array")
	empty.Metatable = s.jsonEmptyArray
	module.RawSetString("array_mt", s.jsonArray)
	module.RawSetString("empty_array_mt", s.jsonEmptyArray)
	module.RawSetString("empty_array", empty)
	for _, option := range strings.Fields(jsonOptions) {
		module.RawSetString(option, s.native("cjson option", nothing))
	}
	module.RawSetString("_NAME", lua.LString(name))
	module.RawSetString("new", s.l.NewFunction(func(l *lua.LState) int {
		l.Push(module)
		return 1
	}))
	return module
}

// jsonOptions are functions that set an option; here the options are fixed.
const jsonOptions = `decode_array_with_array_mt decode_invalid_numbers decode_max_depth encode_empty_table_as_object
	encode_escape_forward_slash encode_invalid_numbers encode_keep_buffer encode_max_depth encode_number_precision encode_sparse_array`

// shared is a table that exists once in a state.
func (s *sandbox) shared(name string) *lua.LTable {
	table, ok := s.loaded["\x00"+name].(*lua.LTable)
	if !ok {
		table = s.l.CreateTable(0, 0)
		s.loaded["\x00"+name] = table
	}
	return table
}

func (s *sandbox) decodeJSON(l *lua.LState, text string) (lua.LValue, error) {
	s.take(l, len(text)*jsonCost)
	s.work(l, len(text))
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		if _, rest := d.Token(); !errors.Is(rest, io.EOF) {
			err = fmt.Errorf("expected the end but found an invalid token at character %d", d.InputOffset()+1)
		}
	}
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("expected value but found invalid token at character %d", syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("expected value but found T_END at character %d", len(text)+1)
	case err != nil:
		return nil, err
	}
	return s.lift(v), nil
}

func (s *sandbox) encodeJSON(l *lua.LState, v lua.LValue) (string, error) {
	var b bytes.Buffer
	err := s.writeJSON(l, &b, v, 0)
	s.take(l, 2*b.Len())
	return b.String(), err
}

func (s *sandbox) writeJSON(l *lua.LState, b *bytes.Buffer, v lua.LValue, depth int) error {
	s.work(l, 1)
	if depth > MaxResultDepth {
		return errors.New("cannot serialise, excessive depth")
	}
	if b.Len() > MaxMemory/4 {
		s.take(l, MaxMemory)
	}
	switch v := v.(type) {
	case *lua.LNilType:
		b.WriteString("null")
	case lua.LBool:
		fmt.Fprint(b, bool(v))
	case lua.LNumber:
		b.WriteString(numberText(v))
	case lua.LString:
		quoted, err := json.Marshal(string(v))
		if err != nil {
			return err
		}
		b.Write(quoted)
	case *lua.LTable:
		return s.writeTable(l, b, v, depth)
	default:
		if v == lua.LValue(s.null) {
			b.WriteString("null")
			return nil
		}
		return fmt.Errorf("cannot serialise %s: type not supported", typeName(v))
	}
	return nil
}

func (s *sandbox) writeTable(l *lua.LState, b *bytes.Buffer, t *lua.LTable, depth int) error {
	keys, sequence := keysOf(t)
	marked := t.Metatable == lua.LValue(s.jsonArray) || t.Metatable == lua.LValue(s.jsonEmptyArray)
	if sequence || marked && len(keys) == 0 {
		b.WriteByte('[')
		for i := range keys {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := s.writeJSON(l, b, t.RawGetInt(i+1), depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	sort.Slice(keys, func(i, j int) bool { return keyText(keys[i]) < keyText(keys[j]) })
	b.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := s.writeJSON(l, b, lua.LString(keyText(key)), depth+1); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := s.writeJSON(l, b, t.RawGet(key), depth+1); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}
