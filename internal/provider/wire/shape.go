package wire

import (
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/recent"
)

// kind is what a part of a type is; foreign parts are left to terraform-plugin-go.
type kind uint8

const (
	foreign kind = iota
	text
	number
	truth
	object
	mapping
	list
)

// shape is a part of a type.
type shape struct {
	typ   tftypes.Type
	kind  kind
	names []string       // of the members of an object, sorted
	at    map[string]int // their places
	below []*shape       // the members in that order, or what all elements are

	remembers bool
	seen      [2]recent.Memory[tftypes.Value] // by form
}

// Types as values of their interface, into which a comparison would else convert them each time.
var (
	stringType, numberType, boolType tftypes.Type = tftypes.String, tftypes.Number, tftypes.Bool

	truths = [2]tftypes.Value{tftypes.NewValue(tftypes.Bool, false), tftypes.NewValue(tftypes.Bool, true)}
)

func newShape(typ tftypes.Type) *shape {
	s := &shape{typ: typ, remembers: true}
	switch t := typ.(type) {
	case tftypes.Object:
		s.kind, s.names, s.at = object, slices.Sorted(maps.Keys(t.AttributeTypes)), make(map[string]int, len(t.AttributeTypes))
		for i, name := range s.names {
			s.at[name] = i
			s.below = append(s.below, newShape(t.AttributeTypes[name]))
		}
	case tftypes.Map:
		s.holds(mapping, t.ElementType)
	case tftypes.List:
		s.holds(list, t.ElementType)
	case tftypes.Set:
		s.holds(list, t.ElementType)
	default:
		s.kind = scalar(typ)
	}
	return s
}

func scalar(typ tftypes.Type) kind {
	switch {
	case typ.Is(stringType):
		return text
	case typ.Is(numberType):
		return number
	case typ.Is(boolType):
		return truth
	}
	return foreign
}

// holds makes a collection. With dynamic values in it its type depends on them.
func (s *shape) holds(k kind, element tftypes.Type) {
	below := newShape(element)
	if below.isForeign() {
		return
	}
	s.kind, s.below = k, []*shape{below}
}

func (s *shape) isForeign() bool {
	return s.kind == foreign || slices.ContainsFunc(s.below, (*shape).isForeign)
}

// read makes a value of its text in a form, unless something about it is unusual.
func (s *shape) read(f *form, raw []byte) (v tftypes.Value, ok bool) {
	switch {
	case s.kind == foreign:
		v, err := f.foreign(s.typ, raw)
		return v, err == nil
	case f.isNull(raw):
		return tftypes.NewValue(s.typ, nil), true
	case f.isUnknown(raw):
		return tftypes.NewValue(s.typ, tftypes.UnknownValue), true
	case s.kind == truth:
		v, ok := f.truth(raw)
		if ok {
			return truths[v], true
		}
	case s.remembers:
		if v, ok := s.seen[f.index].Find(raw); ok {
			return v, true
		}
	}
	kept := ""
	if s.remembers || s.kind == text {
		kept = string(raw)
	}
	if v, ok = s.made(f, raw, kept); ok && s.remembers {
		s.seen[f.index].Keep(kept, v)
	}
	return v, ok
}

// made reads what is neither null nor unknown. A text is also given as a string, of
// which a part costs nothing.
func (s *shape) made(f *form, raw []byte, kept string) (tftypes.Value, bool) {
	switch s.kind {
	case object:
		return s.object(f, raw)
	case mapping:
		return s.mapping(f, raw)
	case list:
		return s.list(f, raw)
	case text:
		if from, to, ok := f.text(raw); ok {
			return tftypes.NewValue(s.typ, kept[from:to]), true
		}
	case number:
		if n, ok := f.number(raw); ok {
			return tftypes.NewValue(s.typ, n), true
		}
	}
	v, err := f.foreign(s.typ, raw)
	return v, err == nil
}

func (s *shape) object(f *form, raw []byte) (v tftypes.Value, ok bool) {
	in, ok := f.open(raw, true)
	if !ok {
		return v, false
	}
	out := make(map[string]tftypes.Value, len(s.names))
	for in.more() {
		key, part, ok := in.member()
		if !ok {
			return v, false
		}
		i, known := s.at[string(key)]
		if !known {
			if f.exact {
				return v, false
			}
			continue
		}
		if out[s.names[i]], ok = s.below[i].read(f, part); !ok {
			return v, false
		}
	}
	if len(out) < len(s.names) && f.exact {
		return v, false
	}
	for i := 0; len(out) < len(s.names); i++ {
		if _, has := out[s.names[i]]; !has {
			out[s.names[i]] = tftypes.NewValue(s.below[i].typ, nil)
		}
	}
	return tftypes.NewValue(s.typ, out), true
}

func (s *shape) mapping(f *form, raw []byte) (v tftypes.Value, ok bool) {
	in, ok := f.open(raw, true)
	if !ok {
		return v, false
	}
	out := map[string]tftypes.Value{}
	for in.more() {
		key, part, ok := in.member()
		if !ok {
			return v, false
		}
		if out[string(key)], ok = s.below[0].read(f, part); !ok {
			return v, false
		}
	}
	return tftypes.NewValue(s.typ, out), true
}

func (s *shape) list(f *form, raw []byte) (v tftypes.Value, ok bool) {
	in, ok := f.open(raw, false)
	if !ok {
		return v, false
	}
	out := []tftypes.Value{}
	for in.more() {
		part, ok := in.element()
		if !ok {
			return v, false
		}
		e, ok := s.below[0].read(f, part)
		if !ok {
			return v, false
		}
		out = append(out, e)
	}
	return tftypes.NewValue(s.typ, out), true
}

// form is a way to write values down.
type form struct {
	index   int
	exact   bool // objects have all their members, and no others
	isNull  func(raw []byte) bool
	foreign func(typ tftypes.Type, raw []byte) (tftypes.Value, error)

	// What is not written in the usual way is not ok.
	isUnknown func(raw []byte) bool
	truth     func(raw []byte) (int, bool)
	text      func(raw []byte) (from, to int, ok bool)
	number    func(raw []byte) (*big.Float, bool)
	open      func(raw []byte, keyed bool) (cursor, bool)
}

// cursor walks through a collection.
type cursor interface {
	more() bool
	member() (key, raw []byte, ok bool)
	element() (raw []byte, ok bool)
}

var messagePack = &form{
	index: 0, exact: true, isNull: isNil, isUnknown: isExtension, truth: packedTruth, text: packedText, number: packedNumber, open: openPacked,
	foreign: func(typ tftypes.Type, raw []byte) (tftypes.Value, error) {
		return tfprotov6.DynamicValue{MsgPack: raw}.Unmarshal(typ)
	},
}

var storedJSON = &form{
	index: 1, isNull: isNull, truth: storedTruth, text: storedText, number: storedNumber, open: openStored,
	isUnknown: func([]byte) bool { return false },
	foreign: func(typ tftypes.Type, raw []byte) (tftypes.Value, error) {
		return tfprotov6.RawState{JSON: raw}.UnmarshalWithOpts(typ, olderStates)
	},
}
