package store

import (
	"errors"
	"fmt"
	"strings"
)

// Errors that a caller tells apart by [errors.Is].
var (
	// ErrNotFound: no such entity, or no such control plane to put one in.
	ErrNotFound = errors.New("not found")
	// ErrBadCursor: the text does not continue a list of this type and scope.
	ErrBadCursor = errors.New("not a position in this list")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("the database is closed")
	// ErrBusy: other transactions blocked this one for too long. Nothing was
	// written; the same call may succeed later.
	ErrBusy = errors.New("the database is busy")
	// ErrReadOnly: the database cannot be written.
	ErrReadOnly = errors.New("the database is read-only")
	// ErrFull: there is no space left. Nothing was written.
	ErrFull = errors.New("no space left for the database")
	// ErrDamaged: the file is not a database, or not an intact one.
	ErrDamaged = errors.New("the file is not an intact database")
	// ErrUnreachable: there is no connection to a database server that can be
	// written. Nothing was written.
	ErrUnreachable = errors.New("no database server that can be written answers")
	// ErrUndecided: the connection was lost while the database committed. The
	// change was made, or will never be.
	ErrUndecided = errors.New("the connection to the database was lost during the commit, so that the change may have been made")
	// ErrNewer: a newer version of this program has upgraded the database.
	ErrNewer = errors.New("the database was upgraded by a newer version of this program: stop this one and start the newer one")
)

// UniqueError says that another entity of the same type and control plane
// already has these values.
type UniqueError struct {
	Index  string   // name of the entity.Unique, or the type's id attribute
	Fields []string // the fields that it consists of
}

func (e *UniqueError) Error() string {
	return fmt.Sprintf("another entity has the same %s (%s is unique)", strings.Join(e.Fields, ", "), e.Index)
}

// ReferenceError says that a foreign key leads nowhere: the control plane has
// no such entity.
type ReferenceError struct {
	Field  string // the referring field
	Target string // name of the type referred to
	ID     string
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("%s: no entity of type %s has the id %q", e.Field, e.Target, e.ID)
}

// InUseError says that an entity cannot be deleted while others refer to it.
type InUseError struct {
	By string // the referring type, in the singular: "route"
}

func (e *InUseError) Error() string {
	return fmt.Sprintf("a %s refers to it", e.By)
}

// DatabaseError is an error of the database itself, not of the request.
// [errors.Is] finds its kind ([ErrFull], …), if that is known, and the driver's
// own error.
type DatabaseError struct {
	Database string // path of the file, or address without credentials
	Kind     error  // one of the variables of this package, or nil
	Err      error
}

func (e *DatabaseError) Error() string {
	if e.Kind == nil {
		return fmt.Sprintf("database %s: %v", e.Database, e.Err)
	}
	return fmt.Sprintf("database %s: %v: %v", e.Database, e.Kind, e.Err)
}

// Unwrap returns the kind and the cause.
func (e *DatabaseError) Unwrap() []error {
	if e.Kind == nil {
		return []error{e.Err}
	}
	return []error{e.Kind, e.Err}
}
