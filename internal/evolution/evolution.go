// Package evolution compares two versions of a plugin's schema: what changed,
// field by field, and in which order Konnect's documentation wants the control
// plane, the existing instances and the data planes to follow.
//
// [Compare] makes a [Change] of every difference; what is prescribed for each is
// a table (prescribed.go). [Judge] says what a new schema does to one stored
// instance: the rules that it would break, and the values that would change
// without anybody writing them.
//
// The code of functions is opaque: that one is there or not is a difference, what
// it says is none. The package knows nothing of Terraform, HTTP or Lua.
package evolution

import (
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Kind says what happened to a field.
type Kind string

// The kinds.
const (
	Added          Kind = "added"
	Removed        Kind = "removed"
	Renamed        Kind = "renamed"
	Retyped        Kind = "retyped"
	Stricter       Kind = "stricter"
	Looser         Kind = "looser"
	NowRequired    Kind = "required"
	NowOptional    Kind = "optional"
	DefaultAdded   Kind = "default_added"
	DefaultChanged Kind = "default_changed"
	DefaultRemoved Kind = "default_removed"
	ChecksAdded    Kind = "checks_added"
	ChecksRemoved  Kind = "checks_removed"
)

// Change is one difference between two versions of a schema.
type Change struct {
	Path schema.Path `json:"path"` // in the new schema, or in the old one of what is gone
	Kind Kind        `json:"kind"`
	// Detail says what is different, in words.
	Detail string `json:"detail"`
	// From is the old path of a renamed field.
	From         schema.Path  `json:"from,omitempty"`
	Prescription Prescription `json:"prescription"`
}

// String is the change in one sentence, without what is prescribed.
func (c Change) String() string {
	return fmt.Sprintf("%s: %s", c.Path, c.Detail)
}

// Compare returns the differences between two versions of a plugin's schema, in
// the order of the new one's fields; what is gone comes last at its level.
func Compare(before, after *schema.Schema) []Change {
	c := comparison{}
	c.records(nil, before, after)
	return c.changes
}

type comparison struct{ changes []Change }

func (c *comparison) add(at schema.Path, kind Kind, f *schema.Field, format string, args ...any) {
	c.changes = append(c.changes, Change{
		Path: at, Kind: kind, Detail: fmt.Sprintf(format, args...), Prescription: prescribed(kind, f),
	})
}

// records compares two levels of fields.
func (c *comparison) records(at schema.Path, before, after *schema.Schema) {
	if before == nil || after == nil || before == after {
		return
	}
	gone := without(before.Fields, after)
	came := without(after.Fields, before)
	for _, f := range after.Fields {
		here := at.Join(schema.Key(f.Name))
		if old := before.Field(f.Name); old != nil {
			c.fields(here, old, f)
			continue
		}
		if old := origin(f, gone, came, after); old != nil {
			gone = slices.DeleteFunc(gone, func(g *schema.Field) bool { return g == old })
			c.renamed(at, old, f, after.Shorthand(old.Name) != nil)
			continue
		}
		c.add(here, Added, f, "%s was added", described(f))
	}
	for _, f := range gone {
		still := ""
		if after.Shorthand(f.Name) != nil {
			still = "; its name is still taken, as a shorthand"
		}
		c.add(at.Join(schema.Key(f.Name)), Removed, f, "%s was removed%s", described(f), still)
	}
	c.shorthands(at, before, after)
	c.checks(at, before, after)
}

// without returns the fields that another level has not.
func without(fields []*schema.Field, other *schema.Schema) []*schema.Field {
	var out []*schema.Field
	for _, f := range fields {
		if other.Field(f.Name) == nil {
			out = append(out, f)
		}
	}
	return out
}

// origin returns the field that a new one was before, or nil. Nobody can know;
// two fields count as one where they have one type, and the old name either became
// the new one's shorthand or is near it and near no other.
func origin(f *schema.Field, gone, came []*schema.Field, after *schema.Schema) *schema.Field {
	for _, old := range gone {
		if s := after.Shorthand(old.Name); s != nil && replacedBy(s, f.Name) && old.Type == f.Type {
			return old
		}
	}
	var found []*schema.Field
	for _, old := range gone {
		if old.Type == f.Type && near(old.Name, f.Name) && after.Shorthand(old.Name) == nil {
			found = append(found, old)
		}
	}
	if len(found) != 1 {
		return nil
	}
	for _, other := range came {
		if other != f && other.Type == f.Type && near(found[0].Name, other.Name) {
			return nil
		}
	}
	return found[0]
}

func replacedBy(shorthand *schema.Field, name string) bool {
	return shorthand.Deprecation != nil && slices.ContainsFunc(shorthand.Deprecation.ReplacedWith, func(r schema.Replacement) bool {
		return len(r.Path) == 1 && r.Path[0].Name == name
	})
}

func near(a, b string) bool {
	return schema.Nearest(a, []string{b}) != "" || schema.Nearest(b, []string{a}) != ""
}

func (c *comparison) renamed(at schema.Path, old, f *schema.Field, shorthand bool) {
	here, from := at.Join(schema.Key(f.Name)), at.Join(schema.Key(old.Name))
	taken := "the old name is refused"
	if shorthand {
		taken = "the old name is still taken, as a shorthand"
	}
	c.changes = append(c.changes, Change{
		Path: here, From: from, Kind: Renamed,
		Detail:       fmt.Sprintf("seems to be %s under a new name; %s", from, taken),
		Prescription: stricter(prescribed(Removed, old), prescribed(Added, f)),
	})
	c.fields(here, old, f)
}

// shorthands compares the names that are taken on input only.
func (c *comparison) shorthands(at schema.Path, before, after *schema.Schema) {
	for _, f := range after.ShorthandFields {
		if before.Shorthand(f.Name) == nil && before.Field(f.Name) == nil {
			c.add(at.Join(schema.Key(f.Name)), Looser, f, "is taken as a shorthand now")
		}
	}
	for _, f := range before.ShorthandFields {
		if after.Shorthand(f.Name) == nil && after.Field(f.Name) == nil {
			c.add(at.Join(schema.Key(f.Name)), Stricter, f, "is not taken as a shorthand any more")
		}
	}
}

// checks compares the rules over several fields of a level.
func (c *comparison) checks(at schema.Path, before, after *schema.Schema) {
	old, _ := schema.AsList(before.Def["entity_checks"])
	now, _ := schema.AsList(after.Def["entity_checks"])
	for _, check := range unmatched(now, old) {
		c.add(at, ChecksAdded, nil, "the check %s was added", checkNames(check))
	}
	for _, check := range unmatched(old, now) {
		c.add(at, ChecksRemoved, nil, "the check %s was removed", checkNames(check))
	}
}

// unmatched returns the values of one list that have no equal in another.
func unmatched(list, other []any) []any {
	left := slices.Clone(other)
	var out []any
	for _, v := range list {
		if i := slices.IndexFunc(left, func(o any) bool { return same(v, o) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
			continue
		}
		out = append(out, v)
	}
	return out
}

// fields compares two versions of a field.
func (c *comparison) fields(at schema.Path, old, f *schema.Field) {
	if old == nil || f == nil || old == f {
		return
	}
	if old.Type != f.Type || old.Reference != f.Reference {
		c.add(at, Retyped, f, "was %s and is %s", typed(old), typed(f))
		return
	}
	c.presence(at, old, f)
	c.rules(at, old, f)
	c.fields(at.Join(schema.Each), old.Elements, f.Elements)
	c.fields(at.Join(schema.Key("(key)")), old.Keys, f.Keys)
	c.fields(at.Join(schema.Key("(value)")), old.Values, f.Values)
	c.records(at, old.Record, f.Record)
}

// presence compares whether a value must be there, and which one is there by
// itself.
func (c *comparison) presence(at schema.Path, old, f *schema.Field) {
	switch {
	case f.Required && !old.Required:
		c.add(at, NowRequired, f, "was optional and is required%s", defaulted(f))
	case old.Required && !f.Required:
		c.add(at, NowOptional, old, "was required and is optional")
	}
	switch {
	case f.HasDefault && !old.HasDefault:
		c.add(at, DefaultAdded, f, "has a default now: %s", text(f.Default))
	case old.HasDefault && !f.HasDefault:
		c.add(at, DefaultRemoved, f, "has no default any more, which was %s", text(old.Default))
	case f.HasDefault && !same(old.Default, f.Default):
		c.add(at, DefaultChanged, f, "the default was %s and is %s", text(old.Default), text(f.Default))
	}
}
