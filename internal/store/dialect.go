package store

import (
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// dialect holds everything in which the supported databases differ. The SQL
// itself is the same for all of them.
type dialect struct {
	goose goose.Dialect
	// migrated counts the tables of the name versionTable.
	migrated string
	// ddl fills the places of the migrations that no two databases spell alike.
	ddl *strings.Replacer
	// numbered: placeholders are $1, $2, … instead of ?.
	numbered bool
	// What to append to a SELECT so that its row stays as it is until the
	// transaction ends: so that it cannot be deleted (share), changed
	// (update), or referred to (delete). Empty where a transaction that
	// writes is alone anyway.
	lockShare, lockUpdate, lockDelete string
	// fault classifies an error of the driver.
	fault func(error) fault
	// kind says whether an error is the driver's, and which variable of this
	// package describes it, if any.
	kind func(error) (kind error, own bool)
}

// fault is what an error of the driver means to a transaction.
type fault uint8

const (
	other     fault = iota // none of these, or no error at all
	duplicate              // a UNIQUE constraint refused the statement
	dangling               // a FOREIGN KEY constraint did
	missing                // a NOT NULL constraint did: what a subquery looked for
	conflict               // another transaction was in the way: try again
)

// rewrite renders a statement with the database's placeholders. Statements of
// this package hold no question marks but placeholders.
func (d *dialect) rewrite(query string) string {
	if !d.numbered {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 16)
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = after
	}
}
