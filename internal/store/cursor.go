package store

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
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

func cursorSum(t *entity.Type, scope string, seq int64) uint32 {
	b := append([]byte(t.Name), 0)
	b = append(b, entity.CanonicalID(scope)...)
	return crc32.ChecksumIEEE(binary.BigEndian.AppendUint64(b, uint64(seq)))
}
