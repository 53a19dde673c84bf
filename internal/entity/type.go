// Package entity is the declarative table of everything that a control plane
// holds. A [Type] says where an entity lives in the API, what it belongs to,
// what must be unique, whom it refers to and which schema judges it. Server
// endpoints, client URLs, store constraints, resource names and documentation
// are all read from it, so a regular entity is one row in table.go.
//
// Definitions are Go literals in Kong's schema language, one file per family of
// entities. Each is compiled at its first use ([Type.Schema]): terraform starts
// a provider process several times per run, and each uses only a few of them.
//
// The package does not know who stores, serves or plans these entities.
package entity

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Family is a dialect of the Konnect API: how errors, pages and timestamps look.
type Family uint8

const (
	// Core entities live below a control plane's core-entities: errors in the
	// gRPC style, offset paging, PUT only, Unix seconds.
	Core Family = iota
	// Platform entities answer with problem documents, number pages, PATCH and
	// RFC 3339 times.
	Platform
	// Legacy is the older dialect of plugin-schemas and data plane
	// certificates: {"item": …}, {"items": […]}, {"message": …}.
	Legacy
)

// Access is what a collection allows.
type Access uint8

// A collection accepts reads and writes, reads only, or lists only, or it does
// not exist: then all endpoints are below the parents.
const (
	ReadWrite Access = iota
	ReadOnly
	ListOnly
	Nowhere
)

// OnDelete says what happens to an entity when the one that it refers to is
// deleted.
type OnDelete string

// Restrict refuses the deletion, Cascade deletes the entity too.
const (
	Restrict OnDelete = "restrict"
	Cascade  OnDelete = "cascade"
)

// Reference is a foreign key: the field holds {"id": …} of the target.
type Reference struct {
	Field    string
	Target   string // name of the target's Type
	OnDelete OnDelete
}

// Type is one row of the table.
type Type struct {
	Name     string // Kong's name of the entity: "services"
	Singular string // "service"; the foreign field that refers to it
	Role     string // that field, where it differs: "consumer" for one of a realm
	Resource string // Terraform type name: "konnect_gateway_service"
	Title    string // for people: "gateway service"
	Family   Family

	// Path is the collection's path below its parent, without slashes at its
	// ends: "v2/control-planes", "core-entities/services".
	Path   string
	Parent *Type // nil for a root
	// NestedBelow names types below which the collection is served as well;
	// there, the path gives the foreign key: services/{id}/routes.
	NestedBelow []string
	// Nested is the last segment of the nested collection's path if it differs
	// from that of Path: "key-auth" below consumers, "key-auths" at the top.
	Nested string
	// Flat says what the collection at Path allows; everything else is done
	// below the parents in NestedBelow.
	Flat Access
	// Envelope is the property of an answer to a GET of one entity that holds
	// the entity: "consumer_group". It is empty if the answer is the entity.
	Envelope string

	ID  string // attribute that addresses it: "id", or "name" for plugin schemas
	Key string // other attribute that may address it, or ""
	// KeyReads marks a Key that can read the entity and not write it: PUT
	// accepts the ID only.
	KeyReads bool
	// NameFilter is the field that filter[name] of the collection compares,
	// or "". EqualFilters are fields that are query parameters of their own.
	// Like the Key, they are indexed.
	NameFilter   string
	EqualFilters []string
	// Limit is how many entities Konnect allows by default in a control plane,
	// or how many control planes; 0 if unknown.
	Limit int
	// KonnectOnly marks a core entity that gateways do not know. It is not part
	// of their configuration.
	KonnectOnly bool

	Unique     []Unique
	References []Reference

	// Normalize brings an entity into the form in which it is stored, before it
	// is completed and judged. It changes the given map, and does not touch
	// values that it does not understand, so that the schema judges them. It is
	// nil for most.
	Normalize func(doc map[string]any)
	// Shown brings an entity from the form in which it is stored into that of
	// answers, where a field shows less than it holds. It changes the given map,
	// and is nil for most.
	Shown func(doc map[string]any)
	// Doubts tells what is questionable about an entity, as it is written, that a
	// control plane takes all the same. It is nil for most.
	Doubts func(doc map[string]any, now time.Time) []Doubt
	// Define returns the definition of requests.
	Define func() schema.Def
	// DefineReply returns the definition of answers if it differs; nil means
	// that it is the same.
	DefineReply func() schema.Def
	// ReplyPaths says where answers show a field of the request whose place
	// differs: "cluster_type" is at "config.cluster_type".
	ReplyPaths map[string]string

	// FormerDefaults are defaults that fields once had, or have on a gateway by
	// itself. Where a user never asked for anything else, they stay.
	FormerDefaults map[string][]any

	// Computed lists attributes of answers that only the server can know. They
	// are known after apply. Core entities accept a chosen ID.
	Computed []string
	// WriteOnly lists fields that requests take and answers never show.
	WriteOnly []string
	// Internal lists fields that stored documents have and that neither
	// requests nor answers show.
	Internal []string
	// Immutable lists fields that cannot change: another value makes another
	// entity.
	Immutable []string
	// Merged lists fields in which a PATCH changes only the members that it
	// names; null removes a member. Other fields are replaced as a whole.
	Merged []string
	// Nullable lists fields that answers show as null if they are not set.
	// Other fields are left out then.
	Nullable []string

	request compiled
	reply   compiled
}

// compiled is a schema that is compiled at its first use.
type compiled struct {
	once   sync.Once
	schema *schema.Schema
}

func (c *compiled) get(define func() schema.Def) *schema.Schema {
	c.once.Do(func() { c.schema = schema.MustCompile(define(), Schemas) })
	return c.schema
}

// Owners are the types whose ids lead to the place where an entity is written,
// from the root down: a credential is written below its consumer.
func (t *Type) Owners() []*Type {
	owner := t.Parent
	if t.Flat != ReadWrite && len(t.NestedBelow) == 1 {
		owner = Named(t.NestedBelow[0])
	}
	if owner == nil {
		return nil
	}
	return append(owner.Owners(), owner)
}

// Address is the attribute by which answers tell where the entity is: the ID, or
// the Key of a type that keeps its ID to itself.
func (t *Type) Address() string {
	if slices.Contains(t.Internal, t.ID) {
		return t.Key
	}
	return t.ID
}

// Distinct are the unique values of an entity as whoever writes it below its owner
// knows them: without references that its place stands for, and with the address
// where the writer chooses it. What only the server can tell of is not among them.
func (t *Type) Distinct() []Unique {
	var out []Unique
	for _, u := range t.Unique {
		given := func(f string) bool {
			return slices.ContainsFunc(t.Owners(), func(o *Type) bool { return t.FieldTo(o) == f }) && slices.Contains(t.Internal, f)
		}
		u.Fields = slices.DeleteFunc(slices.Clone(u.Fields), given)
		if !slices.ContainsFunc(u.Fields, func(f string) bool { return slices.Contains(t.Internal, f) }) {
			out = append(out, u)
		}
	}
	if len(t.Unique) == 0 && t.ChoosesAddress() {
		out = append(out, Unique{Name: t.Address(), Fields: []string{t.Address()}})
	}
	return out
}

// ChoosesAddress reports whether whoever writes an entity says where it is to be,
// in words that another place may have, too: by a name, and not by an id.
func (t *Type) ChoosesAddress() bool { return t.Address() != "id" }

// ParentAttribute is the attribute that holds its id in what is written below it.
func (t *Type) ParentAttribute() string { return cmp.Or(t.Role, t.Singular) + "_id" }

// FieldTo returns the foreign field that refers to a type, or "".
func (t *Type) FieldTo(target *Type) string {
	for _, r := range t.References {
		if r.Target == target.Name {
			return r.Field
		}
	}
	return ""
}

// Schema returns the compiled schema that judges requests. That of
// [Plugin] is the plugins entity without any plugin; a plugin set binds it.
func (t *Type) Schema() *schema.Schema { return t.request.get(t.Define) }

// ReplySchema returns the compiled schema that describes answers.
func (t *Type) ReplySchema() *schema.Schema {
	if t.DefineReply == nil {
		return t.Schema()
	}
	return t.reply.get(t.DefineReply)
}
