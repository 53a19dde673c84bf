// Package wire reads and writes Terraform's values in the forms in which they
// come and go: MessagePack, and the JSON of a stored state. A [Codec] knows one
// type.
//
// terraform-plugin-go can do all of it, and does what is out of the ordinary:
// dynamic values, numbers that are no small integers, and whatever does not fit,
// since it says where. It keeps a path for each part of a value and converts its
// types anew each time, which is most of what a plan without changes would cost.
// A codec also remembers the last parts that it has read: hundreds of plugins
// have mostly the same configuration, defaults above all. So values share their
// parts, and nobody may change one.
//
// The package knows nothing of attributes and schemas.
package wire

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/recent"
)

// Codec reads and writes values of one type. It may be used concurrently.
type Codec struct {
	root *shape
	// lately are values as a whole: Terraform sends a state that was read once more
	// to be planned, and a configuration that was validated.
	lately recent.Table[tftypes.Value]
}

// New makes the codec of a type.
func New(typ tftypes.Type) *Codec {
	root := newShape(typ)
	root.remembers = false // objects are never the same as a whole
	for _, c := range root.below {
		c.remembers = c.remembers && c.kind != text // names and ids
	}
	return &Codec{root: root}
}

// Decode reads a value that Terraform sends.
func (c *Codec) Decode(v *tfprotov6.DynamicValue) (tftypes.Value, error) {
	if v.JSON == nil && v.MsgPack != nil {
		if out, ok := c.lately.Find(v.MsgPack); ok {
			return out, nil
		}
		if n, ok := extent(v.MsgPack); ok && n == len(v.MsgPack) {
			if out, ok := c.root.read(messagePack, v.MsgPack); ok {
				c.lately.Keep(v.MsgPack, out)
				return out, nil
			}
		}
	}
	return v.Unmarshal(c.root.typ)
}

// olderStates are read without attributes that the type lacks.
var olderStates = tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}}

// DecodeState reads a stored state. Attributes that the type lacks are dropped, and
// missing ones are null.
func (c *Codec) DecodeState(raw *tfprotov6.RawState) (tftypes.Value, error) {
	// Of a name that is given twice the last counts, for everybody.
	if doc := jsontext.Value(raw.JSON); doc.IsValid(jsontext.AllowDuplicateNames(true)) {
		if out, ok := c.root.read(storedJSON, trimmed(raw.JSON)); ok {
			return out, nil
		}
	}
	return raw.UnmarshalWithOpts(c.root.typ, olderStates)
}

// Encode writes a value as Terraform wants it.
func (c *Codec) Encode(v tftypes.Value) (*tfprotov6.DynamicValue, error) {
	w := writer{out: make([]byte, 0, 1024)}
	if w.value(c.root, v) {
		return &tfprotov6.DynamicValue{MsgPack: slices.Clip(w.out)}, nil
	}
	out, err := tfprotov6.NewDynamicValue(c.root.typ, v)
	return &out, err
}
