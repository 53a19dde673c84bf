// Package dump writes a whole database as one text and reads it back: to keep
// it, or to move it from SQLite to PostgreSQL and the other way around.
//
// A dump is lines of JSON. The first names the format ([Version]), each that
// follows holds a document in the order of creation, and the last says how
// many there are of each type and holds a digest of everything before it, so
// that neither a cut nor a changed byte goes unnoticed. Equal contents are
// equal texts: neither times nor the numbers that a database gives to its rows
// are part of it. [Write] and [Read] hold one document at a time.
//
// Which types there are is read from the table of package entity. The package
// judges no document by its schema: what was stored once is stored again. It
// knows nothing of files, HTTP or Terraform.
package dump

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
)

// Version is the format that this program writes, and the last that it reads.
const Version = 1

// formatName is what the first line begins with.
const formatName = "openkonnect-dump"

// header is the first line.
type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

// line is any line but the first: a document, or the end.
type line struct {
	Type  string          `json:"type,omitempty"`
	Scope string          `json:"scope,omitempty"` // id of the control plane or realm that owns it
	Doc   json.RawMessage `json:"doc,omitempty"`
	End   *Summary        `json:"end,omitempty"`
	// SHA256 is that of all lines before the last, in hexadecimal digits.
	SHA256 string `json:"sha256,omitempty"`
}

// Summary says what a dump holds.
type Summary struct {
	Documents int            `json:"documents"`
	Types     map[string]int `json:"types"` // how many of each
}

func (s *Summary) count(typ string) {
	s.Documents++
	s.Types[typ]++
}

// digest sums up lines.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) String() string { return hex.EncodeToString(d.Sum(nil)) }
