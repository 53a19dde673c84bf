package store

import (
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// dialect holds all differences between the supported databases. The SQL itself
// is the same for all of them.
type dialect struct {
	goose goose.Dialect
	// migrated counts the tables of the name versionTable.
	migrated string
	// ddl fills in the parts of the migrations that each database spells in its
	// own way.
	ddl *strings.Replacer
	// numbered: placeholders are $1, $2, … instead of ?.
	numbered bool
	// What to append to a SELECT so that, until the transaction ends, nobody
	// deletes its row (share), changes it (update) or refers to it (delete).
	// Empty if a writing transaction is the only one anyway.
	lockShare, lockUpdate, lockDelete string
	// insertsAtOnce: a statement can insert into several tables, which saves
	// waiting for the answers to single ones.
	insertsAtOnce bool
	// fault classifies an error of the driver.
	fault func(error) fault
	// kind reports whether an error is the driver's, and which variable of this
	// package describes it, if any.
	kind func(error) (kind error, own bool)
}

// fault is the meaning of a driver's error for a transaction.
type fault uint8

const (
	other     fault = iota // none of these, or no error at all
	duplicate              // a UNIQUE constraint refused the statement
	dangling               // a FOREIGN KEY constraint did
	missing                // a NOT NULL constraint did: a subquery found nothing
	conflict               // another transaction was in the way: try again
)

// rewrite renders a statement with the database's placeholders. Question marks
// in statements of this package are always placeholders.
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
