package wire

import (
	"encoding/binary"
	"math/big"
)

// What MessagePack's first bytes mean (https://github.com/msgpack/msgpack/blob/master/spec.md).
const (
	packedFixMap   = 0x80
	packedFixArray = 0x90
	packedFixText  = 0xa0
	packedNil      = 0xc0
	packedFalse    = 0xc2
	packedTrue     = 0xc3
	packedBin8     = 0xc4
	packedExt8     = 0xc7
	packedExt32    = 0xc9
	packedFloat32  = 0xca
	packedUint8    = 0xcc
	packedUint64   = 0xcf
	packedInt8     = 0xd0
	packedInt64    = 0xd3
	packedFixExt1  = 0xd4
	packedFixExt16 = 0xd8
	packedText8    = 0xd9
	packedText32   = 0xdb
	packedArray16  = 0xdc
	packedArray32  = 0xdd
	packedMap16    = 0xde
	packedMap32    = 0xdf
	packedNegative = 0xe0
)

// head is how a value begins: how long its beginning is, how many bytes follow and
// how many values.
type head struct{ begin, bytes, values int }

func readHead(raw []byte) (h head, ok bool) {
	if len(raw) == 0 {
		return h, false
	}
	switch c := raw[0]; {
	case c < packedFixMap, c >= packedNegative, c == packedNil, c == packedFalse, c == packedTrue:
		return head{begin: 1}, true
	case c < packedFixArray:
		return head{begin: 1, values: 2 * int(c&0x0f)}, true
	case c < packedFixText:
		return head{begin: 1, values: int(c & 0x0f)}, true
	case c < packedNil:
		return head{begin: 1, bytes: int(c & 0x1f)}, true
	case c >= packedBin8 && c < packedExt8:
		return sized(raw, 1<<(c-packedBin8), 0, 1, 0)
	case c >= packedExt8 && c <= packedExt32:
		return sized(raw, 1<<(c-packedExt8), 1, 1, 0)
	case c >= packedFloat32 && c < packedUint8:
		return head{begin: 1, bytes: 4 << (c - packedFloat32)}, true
	case c >= packedUint8 && c <= packedUint64:
		return head{begin: 1, bytes: 1 << (c - packedUint8)}, true
	case c >= packedInt8 && c <= packedInt64:
		return head{begin: 1, bytes: 1 << (c - packedInt8)}, true
	case c >= packedFixExt1 && c <= packedFixExt16:
		return head{begin: 1, bytes: 1 + 1<<(c-packedFixExt1)}, true
	case c >= packedText8 && c <= packedText32:
		return sized(raw, 1<<(c-packedText8), 0, 1, 0)
	case c == packedArray16 || c == packedArray32:
		return sized(raw, 2<<(c-packedArray16), 0, 0, 1)
	case c == packedMap16 || c == packedMap32:
		return sized(raw, 2<<(c-packedMap16), 0, 0, 2)
	}
	return h, false
}

// sized reads a length of some bytes behind the first, and says what it counts.
func sized(raw []byte, width, more, bytes, values int) (h head, ok bool) {
	if len(raw) < 1+width {
		return h, false
	}
	n := 0
	for _, b := range raw[1 : 1+width] {
		n = n<<8 | int(b)
	}
	if n > len(raw) { // each of what follows has a byte at least
		return h, false
	}
	return head{1 + width, bytes * (n + more), values * n}, true
}

// extent is how long the first value is.
func extent(raw []byte) (n int, ok bool) {
	for pending := 1; pending > 0; pending-- {
		h, ok := readHead(raw[n:])
		if !ok || h.begin+h.bytes > len(raw)-n {
			return 0, false
		}
		n += h.begin + h.bytes
		pending += h.values
	}
	return n, true
}

func isNil(raw []byte) bool { return len(raw) == 1 && raw[0] == packedNil }

// isExtension: Terraform writes unknown values as extensions.
func isExtension(raw []byte) bool {
	c := raw[0]
	return c >= packedExt8 && c <= packedExt32 || c >= packedFixExt1 && c <= packedFixExt16
}

func packedTruth(raw []byte) (int, bool) {
	return int(raw[0]) - packedFalse, raw[0] == packedFalse || raw[0] == packedTrue
}

func isText(c byte) bool {
	return c >= packedFixText && c < packedNil || c >= packedText8 && c <= packedText32
}

func packedText(raw []byte) (from, to int, ok bool) {
	h, ok := readHead(raw)
	return h.begin, len(raw), ok && isText(raw[0])
}

func packedNumber(raw []byte) (*big.Float, bool) {
	var wide [8]byte
	switch c := raw[0]; {
	case c < packedFixMap, c >= packedNegative:
		return new(big.Float).SetInt64(int64(int8(c))), true
	case c >= packedUint8 && c <= packedUint64:
		copy(wide[8-len(raw[1:]):], raw[1:])
		return new(big.Float).SetUint64(binary.BigEndian.Uint64(wide[:])), true
	}
	return nil, false
}

// packed walks through a collection.
type packed struct {
	rest []byte
	left int
}

func openPacked(raw []byte, keyed bool) (cursor, bool) {
	c := raw[0]
	isMap := c >= packedFixMap && c < packedFixArray || c == packedMap16 || c == packedMap32
	isArray := c >= packedFixArray && c < packedFixText || c == packedArray16 || c == packedArray32
	h, ok := readHead(raw)
	if !ok || keyed && !isMap || !keyed && !isArray {
		return nil, false
	}
	if keyed {
		h.values /= 2
	}
	return &packed{raw[h.begin:], h.values}, true
}

func (p *packed) more() bool { return p.left > 0 }

func (p *packed) element() (raw []byte, ok bool) {
	p.left--
	return p.next()
}

func (p *packed) next() (raw []byte, ok bool) {
	n, ok := extent(p.rest)
	raw, p.rest = p.rest[:n], p.rest[n:]
	return raw, ok
}

func (p *packed) member() (key, raw []byte, ok bool) {
	if key, ok = p.next(); !ok {
		return nil, nil, false
	}
	from, to, ok := packedText(key)
	if !ok {
		return nil, nil, false
	}
	raw, ok = p.element()
	return key[from:to], raw, ok
}
