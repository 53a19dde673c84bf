package wire_test

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wire"
)

type (
	value   = tftypes.Value
	members = map[string]tftypes.Value
)

var (
	inner = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String, "b": tftypes.Number, "c": tftypes.Bool}}
	typ   = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"any":     tftypes.DynamicPseudoType,
		"anys":    tftypes.Map{ElementType: tftypes.List{ElementType: tftypes.DynamicPseudoType}},
		"id":      tftypes.String,
		"labels":  tftypes.Map{ElementType: tftypes.String},
		"nested":  inner,
		"number":  tftypes.Number,
		"objects": tftypes.List{ElementType: inner},
		"set":     tftypes.Set{ElementType: tftypes.Number},
		"truth":   tftypes.Bool,
		"tuple":   tftypes.Tuple{ElementTypes: []tftypes.Type{tftypes.String, tftypes.Bool}},
	}}
)

func str(s string) value { return tftypes.NewValue(tftypes.String, s) }
func num(n any) value    { return tftypes.NewValue(tftypes.Number, n) }

// with is an object in which all else is null.
func with(some members) value {
	all := members{}
	for name, t := range typ.AttributeTypes {
		all[name] = tftypes.NewValue(t, nil)
	}
	for name, v := range some {
		all[name] = v
	}
	return tftypes.NewValue(typ, all)
}

func in(a, b, c any) value {
	return tftypes.NewValue(inner, members{"a": tftypes.NewValue(tftypes.String, a), "b": tftypes.NewValue(tftypes.Number, b), "c": tftypes.NewValue(tftypes.Bool, c)})
}

func objects(all ...value) value {
	return tftypes.NewValue(typ.AttributeTypes["objects"], append([]value{}, all...))
}

// values are some of every kind.
func values() []value {
	huge, _, _ := big.ParseFloat("123456789012345678901234567890.5", 10, 512, big.ToNearestEven)
	all := []value{tftypes.NewValue(typ, nil), tftypes.NewValue(typ, tftypes.UnknownValue), with(nil)}
	for _, n := range []any{
		0, 1, 127, 128, 255, 256, 65535, 65536, int64(math.MaxUint32), int64(math.MaxUint32) + 1, int64(math.MaxInt64), uint64(math.MaxUint64),
		-1, -32, -33, -129, -70000, int64(math.MinInt64), 0.5, 1e300, huge, big.NewFloat(math.Inf(1)), big.NewFloat(math.Inf(-1)), big.NewFloat(math.Copysign(0, -1)),
	} {
		all = append(all, with(members{"number": num(n), "nested": in(nil, n, nil)}))
	}
	for _, n := range []int{0, 1, 31, 32, 255, 256, 65535, 65536, 70000} {
		all = append(all, with(members{"id": str(strings.Repeat("ä", n/2)), "nested": in(strings.Repeat("x", n), nil, true)}))
	}
	labels := members{"": str(""), strings.Repeat("k", 300): tftypes.NewValue(tftypes.String, nil), "u": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}
	many, wide := make([]value, 70000), make([]value, 0, 20)
	for i := range many {
		many[i] = tftypes.NewValue(inner, nil)
	}
	for i := range 20 {
		wide = append(wide, in(fmt.Sprint(i), i, i%2 == 0))
		labels[fmt.Sprint(i)] = str("x")
	}
	list := func(e ...value) value { return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, e) }
	return append(all,
		with(members{"truth": tftypes.NewValue(tftypes.Bool, false), "nested": in("a\"\\\u2028", tftypes.UnknownValue, tftypes.UnknownValue)}),
		with(members{"labels": tftypes.NewValue(typ.AttributeTypes["labels"], labels), "set": tftypes.NewValue(typ.AttributeTypes["set"], []value{num(1), num(2), num(1)})}),
		with(members{"labels": tftypes.NewValue(typ.AttributeTypes["labels"], members{}), "objects": objects()}),
		with(members{"objects": objects(many...)}),
		with(members{"objects": objects(wide...), "nested": tftypes.NewValue(inner, tftypes.UnknownValue)}),
		with(members{"objects": objects(in("a", 1, true), tftypes.NewValue(inner, nil), in("a", 1, true))}),
		with(members{"any": str("a")}), with(members{"any": objects(in("a", -5, true))}),
		with(members{"any": tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue)}),
		with(members{"anys": tftypes.NewValue(tftypes.Map{ElementType: tftypes.List{ElementType: tftypes.String}}, members{"a": list(str("b"))})}),
		with(members{"tuple": tftypes.NewValue(typ.AttributeTypes["tuple"], []value{str("a"), tftypes.NewValue(tftypes.Bool, true)})}),
	)
}

// What terraform-plugin-go writes is read as it reads it, and the other way round,
// also when parts were seen before.
func TestCodec(t *testing.T) {
	t.Parallel()
	codec := wire.New(typ)
	var together sync.WaitGroup
	for range 3 {
		together.Go(func() {
			for _, v := range values() {
				known, err := tfprotov6.NewDynamicValue(typ, v)
				if err != nil {
					if _, ours := codec.Encode(v); ours == nil {
						t.Errorf("%s: written, although %v", v, err)
					}
					continue
				}
				want, err := known.Unmarshal(typ)
				if err != nil {
					t.Error(err)
					continue
				}
				if got, err := codec.Decode(&known); err != nil || !got.Equal(want) {
					t.Errorf("got %s, %v\nwant %s", got, err, want)
				}
				written, err := codec.Encode(v)
				if err != nil {
					t.Error(err)
					continue
				}
				if got, err := written.Unmarshal(typ); err != nil || !got.Equal(want) {
					t.Errorf("wrote %s, %v\nwant %s", got, err, want)
				}
				if len(written.MsgPack) != len(known.MsgPack) {
					t.Errorf("%s: %d bytes instead of %d", v, len(written.MsgPack), len(known.MsgPack))
				}
			}
		})
	}
	together.Wait()
}

// A value of another type is refused, not written.
func TestCodec_refused(t *testing.T) {
	t.Parallel()
	codec := wire.New(typ)
	for _, v := range []value{str("a"), num(1), in("a", 1, true), tftypes.NewValue(tftypes.List{ElementType: inner}, []value{})} {
		if got, err := codec.Encode(v); err == nil {
			t.Errorf("%s was written as %x", v, got.MsgPack)
		}
	}
	for _, v := range []*tfprotov6.DynamicValue{{}, {MsgPack: []byte{}}, {MsgPack: []byte{0x81}}, {MsgPack: []byte{0xdf, 255, 255, 255, 255}}, {MsgPack: []byte{0x80}}, {JSON: []byte("{")}} {
		if got, err := codec.Decode(v); err == nil {
			t.Errorf("%x was read as %s", v.MsgPack, got)
		}
	}
	for _, raw := range []string{"", "[]", "1", `{"id":[]}`, `{"nested":1}`, `{"truth":"x"}`, `{"number":"x"}`, `{"objects":[{"a":{}}]}`, `{"labels":[]}`, `{"any":1}`, "{", `{"id":"a"`} {
		if got, err := codec.DecodeState(&tfprotov6.RawState{JSON: []byte(raw)}); err == nil {
			t.Errorf("%s was read as %s", raw, got)
		}
	}
}

var states = []string{
	`null`, `{}`, ` { "id" : "a" , "truth" : true , "gone" : { "x" : [ 1 , "}" ] } } `, `{"id":"a\u00e4\"","labels":{"a\tb":"c","d":null}}`,
	`{"nested":{"a":"x","b":1.50,"c":false,"d":1},"objects":[{"a":"]"},null,{"b":-0},{ }],"set":[1,2,2],"number":1e3}`,
	`{"id":5,"truth":"true","number":"7","nested":{"a":true,"c":1}}`, `{"any":{"value":[1,"a"],"type":["tuple",["number","string"]]},"tuple":["a",true]}`,
	`{"anys":{"a":[{"value":"b","type":"string"}]},"objects":[],"labels":{},"set":[]}`, `{"id":"a","id":"b"}`, "{\"id\":\"\xff\"}", `{"number":12345678901234567890123}`,
	"{\r\n\t\"objects\": [\r\n\t\t{\r\n\t\t\t\"a\": null\r\n\t\t}\r\n\t]\r\n}",
}

func TestCodec_state(t *testing.T) {
	t.Parallel()
	codec := wire.New(typ)
	for range 2 {
		for _, text := range states {
			compare(t, text, codec)
		}
	}
}

func compare(t *testing.T, text string, codec *wire.Codec) {
	t.Helper()
	raw := &tfprotov6.RawState{JSON: []byte(text)}
	want, known := raw.UnmarshalWithOpts(typ, tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}})
	got, err := codec.DecodeState(raw)
	if (err == nil) != (known == nil) || err == nil && !got.Equal(want) {
		t.Errorf("%s: got %s, %v\nwant %s, %v", text, got, err, want, known)
	}
}

func FuzzState(f *testing.F) {
	for _, text := range states {
		f.Add(text)
	}
	codec := wire.New(typ)
	f.Fuzz(func(t *testing.T, text string) { compare(t, text, codec) })
}

func FuzzDecode(f *testing.F) {
	for _, v := range values() {
		if known, err := tfprotov6.NewDynamicValue(typ, v); err == nil && len(known.MsgPack) < 4000 {
			f.Add(known.MsgPack)
		}
	}
	codec := wire.New(typ)
	f.Fuzz(func(t *testing.T, raw []byte) {
		v := tfprotov6.DynamicValue{MsgPack: raw}
		want, known := unmarshal(v)
		if known != nil && strings.Contains(known.Error(), "panic") {
			return // such as for a number that is none
		}
		got, err := codec.Decode(&v)
		if (err == nil) != (known == nil) || err == nil && !got.Equal(want) {
			t.Errorf("%x: got %s, %v\nwant %s, %v", raw, got, err, want, known)
		}
	})
}

func unmarshal(v tfprotov6.DynamicValue) (out value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return v.Unmarshal(typ)
}

// BenchmarkCodec compares with terraform-plugin-go.
func BenchmarkCodec(b *testing.B) {
	wide := make([]value, 0, 20)
	for i := range 20 {
		wide = append(wide, in(fmt.Sprint(i), i, i%2 == 0))
	}
	v := with(members{"id": str("a"), "objects": objects(wide...)})
	known, err := tfprotov6.NewDynamicValue(typ, v)
	if err != nil {
		b.Fatal(err)
	}
	codec := wire.New(typ)
	for name, call := range map[string]func() error{
		"decode":         func() error { _, err := codec.Decode(&known); return err },
		"decode library": func() error { _, err := known.Unmarshal(typ); return err },
		"encode":         func() error { _, err := codec.Encode(v); return err },
		"encode library": func() error { _, err := tfprotov6.NewDynamicValue(typ, v); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
