package store

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// A cursor is the creation order of the last document that a page showed, and
// a checksum that ties it to the list it came from.

// encodeCursor renders the position after seq.
func encodeCursor(t *entity.Type, scope string, seq int64) string {
	b := binary.BigEndian.AppendUint32(nil, cursorSum(t, scope, seq))
	return base64.RawURLEncoding.EncodeToString(binary.AppendUvarint(b, uint64(seq)))
}

// decodeCursor returns the position, or ErrBadCursor for a text that
// encodeCursor did not make for this type and scope.
func decodeCursor(t *entity.Type, scope, cursor string) (int64, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(b) < 5 {
		return 0, ErrBadCursor
	}
	u, n := binary.Uvarint(b[4:])
	seq := int64(u)
	if n <= 0 || seq < 0 || encodeCursor(t, scope, seq) != cursor {
		return 0, ErrBadCursor
	}
	return seq, nil
}

// A cursor of a sorted list also has the values by which that document was
// sorted, so that it leads to the same place when the document is gone.

// encodePlace renders the position of a document in a sorted list.
func encodePlace(t *entity.Type, scope string, order []Order, d listed) string {
	values := make([]any, len(order))
	for i, o := range order {
		values[i] = field(d.doc, o.Field)
	}
	text, _ := jsonvalue.Append(nil, map[string]any{"seq": d.seq, "values": values})
	b := binary.BigEndian.AppendUint32(nil, placeSum(t, scope, order, text))
	return base64.RawURLEncoding.EncodeToString(append(b, text...))
}

// decodePlace returns the position as a document with nothing but the values,
// or ErrBadCursor for a text that encodePlace did not make for this list.
func decodePlace(t *entity.Type, scope string, order []Order, cursor string) (listed, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(b) < 4 || binary.BigEndian.Uint32(b) != placeSum(t, scope, order, b[4:]) {
		return listed{}, ErrBadCursor
	}
	place, err := jsonvalue.Object(string(b[4:]))
	values, _ := place["values"].([]any)
	seq, ok := place["seq"].(json.Number)
	if err != nil || !ok || len(values) != len(order) {
		return listed{}, ErrBadCursor
	}
	d := listed{doc: map[string]any{}}
	if d.seq, err = seq.Int64(); err != nil {
		return listed{}, ErrBadCursor
	}
	for i, o := range order {
		schema.Dotted(o.Field).Set(d.doc, values[i])
	}
	return d, nil
}

func placeSum(t *entity.Type, scope string, order []Order, place []byte) uint32 {
	b := fmt.Appendf(nil, "%s\x00%s\x00%v\x00", t.Name, entity.CanonicalID(scope), order)
	return crc32.ChecksumIEEE(append(b, place...))
}

func cursorSum(t *entity.Type, scope string, seq int64) uint32 {
	b := append([]byte(t.Name), 0)
	b = append(b, entity.CanonicalID(scope)...)
	return crc32.ChecksumIEEE(binary.BigEndian.AppendUint64(b, uint64(seq)))
}
