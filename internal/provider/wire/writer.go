package wire

import (
	"encoding/binary"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// unknown is how Terraform writes an unknown value.
var unknown = []byte{packedFixExt1, 0, 0}

// writer writes MessagePack. What a value holds is taken out into it, so that
// nothing is allocated for each part.
type writer struct {
	out []byte

	text   string
	truth  bool
	number *big.Float
	fields map[string]tftypes.Value
	list   []tftypes.Value
}

// value writes a value, unless it does not fit.
func (w *writer) value(s *shape, v tftypes.Value) bool {
	switch {
	case s.kind == foreign:
		return w.foreign(s.typ, v)
	case !v.IsKnown():
		w.out = append(w.out, unknown...)
		return true
	case v.IsNull():
		w.out = append(w.out, packedNil)
		return true
	}
	switch s.kind {
	case text:
		ok := v.As(&w.text) == nil
		w.quote(w.text)
		return ok
	case truth:
		ok := v.As(&w.truth) == nil
		w.out = append(w.out, packedFalse)
		if w.truth {
			w.out[len(w.out)-1] = packedTrue
		}
		return ok
	case number:
		return w.numeral(s.typ, v)
	case list:
		return w.elements(s.below[0], v)
	}
	if v.As(&w.fields) != nil {
		return false
	}
	if s.kind == object {
		return w.members(s, w.fields)
	}
	return w.entries(s.below[0], w.fields)
}

func (w *writer) foreign(typ tftypes.Type, v tftypes.Value) bool {
	out, err := tfprotov6.NewDynamicValue(typ, v)
	w.out = append(w.out, out.MsgPack...)
	return err == nil
}

func (w *writer) members(s *shape, fields map[string]tftypes.Value) bool {
	w.count(packedFixMap, packedMap16, len(s.names))
	for i, name := range s.names {
		v, has := fields[name]
		w.quote(name)
		if !has || !w.value(s.below[i], v) {
			return false
		}
	}
	return true
}

func (w *writer) entries(element *shape, fields map[string]tftypes.Value) bool {
	w.count(packedFixMap, packedMap16, len(fields))
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		w.quote(key)
		if !w.value(element, fields[key]) {
			return false
		}
	}
	return true
}

func (w *writer) elements(element *shape, v tftypes.Value) bool {
	if v.As(&w.list) != nil {
		return false
	}
	all := w.list
	w.count(packedFixArray, packedArray16, len(all))
	for _, e := range all {
		if !w.value(element, e) {
			return false
		}
	}
	return true
}

// numeral writes natural numbers.
func (w *writer) numeral(typ tftypes.Type, v tftypes.Value) bool {
	if v.As(&w.number) != nil {
		return false
	}
	n, accuracy := w.number.Uint64()
	if accuracy != big.Exact || w.number.IsInf() {
		return w.foreign(typ, v)
	}
	switch {
	case n < packedFixMap:
		w.out = append(w.out, byte(n))
	case n < 1<<8:
		w.out = append(w.out, packedUint8, byte(n))
	case n < 1<<16:
		w.out = binary.BigEndian.AppendUint16(append(w.out, packedUint8+1), uint16(n))
	case n < 1<<32:
		w.out = binary.BigEndian.AppendUint32(append(w.out, packedUint8+2), uint32(n))
	default:
		return w.foreign(typ, v)
	}
	return true
}

func (w *writer) quote(s string) {
	switch n := len(s); {
	case n < 1<<5:
		w.out = append(w.out, packedFixText|byte(n))
	case n < 1<<8:
		w.out = append(w.out, packedText8, byte(n))
	default:
		w.size(packedText8+1, n)
	}
	w.out = append(w.out, s...)
}

// count begins a collection.
func (w *writer) count(short, wide byte, n int) {
	if n < 1<<4 {
		w.out = append(w.out, short|byte(n))
		return
	}
	w.size(wide, n)
}

// size writes a length in two bytes, or in four with the next code.
func (w *writer) size(code byte, n int) {
	if n < 1<<16 {
		w.out = binary.BigEndian.AppendUint16(append(w.out, code), uint16(n))
		return
	}
	w.out = binary.BigEndian.AppendUint32(append(w.out, code+1), uint32(n))
}
