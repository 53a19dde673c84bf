package attempt

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"
)

// Workspace names one state among all that hold objects of the same control
// planes. Ids of what is made for it tell so, to whoever knows the name: where no
// note is left, since the next apply runs on another machine, they are what tells
// an object of an earlier attempt from one of somebody else. Without a name, ids
// tell nothing.
type Workspace string

// ID returns a new id of an object of a type below its parents. It is a version 4
// UUID of which half is random and the other half its digest.
func (w Workspace) ID(typ string, parents ...string) string {
	if w == "" {
		return uuid.NewString()
	}
	var id uuid.UUID
	rand.Read(id[:half]) // never fails
	copy(id[half:], w.digest(id[:half], typ, parents))
	return versioned(id).String()
}

// Made reports whether an id was made for the workspace.
func (w Workspace) Made(id, typ string, parents ...string) bool {
	got, err := uuid.Parse(id)
	if err != nil || w == "" {
		return false
	}
	want := got
	copy(want[half:], w.digest(got[:half], typ, parents))
	return versioned(want) == got
}

const half = len(uuid.UUID{}) / 2

// digest stands for the random half of an id and all that the id is for.
func (w Workspace) digest(random []byte, typ string, parents []string) []byte {
	random = append([]byte(nil), random...)
	random[6] &= 0x0f // where a UUID has its version
	h := hmac.New(sha256.New, []byte(w))
	h.Write(random)
	h.Write([]byte(strings.ToLower(typ + "\x00" + strings.Join(parents, "\x00"))))
	return h.Sum(nil)[:half]
}

// versioned sets the bits that tell a random UUID from others.
func versioned(id uuid.UUID) uuid.UUID {
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}
