package entity_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// What a row says about fields must be true of its schema: a misspelt name
// would otherwise show only where it is used.
func TestTypes_namesExist(t *testing.T) {
	t.Parallel()
	for _, typ := range append(entity.Types(), entity.RouteExpression) {
		t.Run(typ.Name, func(t *testing.T) {
			t.Parallel()
			sc := typ.Schema()
			exists := func(what, name string) {
				t.Helper()
				if name != "" && sc.Field(name) == nil && sc.Shorthand(name) == nil && !slices.Contains(typ.Internal, name) {
					t.Errorf("%s names the field %q, which the schema lacks", what, name)
				}
			}
			exists("ID", typ.ID)
			exists("Key", typ.Key)
			exists("NameFilter", typ.NameFilter)
			for _, names := range [][]string{typ.EqualFilters, typ.WriteOnly, typ.Immutable, typ.Merged} {
				for _, n := range names {
					exists("a list", n)
				}
			}
			for _, u := range typ.Unique {
				for _, n := range u.Fields {
					exists("unique "+u.Name, n)
				}
			}
			for _, r := range typ.References {
				exists("reference", r.Field)
				target := entity.Named(r.Target)
				if target == nil {
					t.Errorf("reference %s leads to %q, which has no row", r.Field, r.Target)
				}
			}
			for from, to := range typ.ReplyPaths {
				exists("ReplyPaths", from)
				if !hasPath(typ.ReplySchema(), to) {
					t.Errorf("answers have no field %q", to)
				}
			}
			for _, path := range slices.Concat(typ.Computed, typ.Nullable) {
				if !hasPath(typ.ReplySchema(), path) {
					t.Errorf("answers have no field %q", path)
				}
			}
			for _, name := range typ.NestedBelow {
				below := entity.Named(name)
				if below == nil || typ.FieldTo(below) == "" {
					t.Errorf("nested below %q, to which no field refers", name)
				}
			}
			if typ.Parent != nil && entity.Named(typ.Parent.Name) != typ.Parent {
				t.Errorf("the parent %q is not in the table", typ.Parent.Name)
			}
		})
	}
}

// Code that writes all entities of a control plane follows the order of the
// table.
func TestTypes_order(t *testing.T) {
	t.Parallel()
	before := map[string]bool{}
	for _, typ := range entity.Types() {
		if typ.Parent != nil && !before[typ.Parent.Name] {
			t.Errorf("%s stands before its parent", typ.Name)
		}
		if before[typ.Name] {
			t.Errorf("%s stands there twice", typ.Name)
		}
		before[typ.Name] = true
		for _, r := range typ.References {
			if !before[r.Target] {
				t.Errorf("%s stands before %s, which it refers to", typ.Name, r.Target)
			}
		}
	}
}

func hasPath(s *schema.Schema, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		f := s.Field(name)
		if f == nil {
			return false
		}
		s = f.Record
	}
	return true
}

func TestSchemas_resolvesEveryReference(t *testing.T) {
	t.Parallel()
	for _, typ := range entity.Types() {
		for _, f := range typ.Schema().Fields {
			if f.Type == schema.Foreign && entity.Schemas(f.Reference) == nil {
				t.Errorf("%s.%s refers to %q, which Schemas does not know", typ.Name, f.Name, f.Reference)
			}
		}
	}
	for _, name := range []string{"certificates", "ca_certificates", "upstreams", "keys", "vaults"} {
		if entity.Schemas(name).Field("id") == nil {
			t.Errorf("plugin schemas cannot refer to %s", name)
		}
	}
	if entity.Schemas("no_such_entity") != nil {
		t.Error("an entity that does not exist has a schema")
	}
}
