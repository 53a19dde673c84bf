package attribute

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// Twin is the write-only form of a secret: `password` has the twin `password_wo`.
// The value stands in configurations alone, so that no plan and no state holds it.
// State holds the version, a number that users raise to have the value written
// anew, and by that tells which form is in use.
type Twin struct {
	Value, Version *Attribute
	required       bool // one of the forms is
}

// twins gives an attribute a write-only form, and returns the two attributes of
// that. One of the forms may be required, so that neither is by itself.
func (a *Attribute) twins() []*Attribute {
	value, name := *a, a.Name+"_wo"
	value.Name, value.Mode, value.WriteOnly, value.Sensitive = name, Optional, true, true
	value.Replace, value.Sticky, value.Served = false, false, false
	value.Description = fmt.Sprintf("`%s` in a form that neither a plan nor a state holds, so that its value may be ephemeral. "+
		"Give it together with `%s_version`, and without `%s`. Needs Terraform 1.11.", a.Name, name, a.Name)
	version := &Attribute{
		Name: name + "_version", Mode: Optional, Form: FormNumber,
		Description: fmt.Sprintf("A whole number of your own choice. Terraform cannot see that `%s` changes: another number here says so, and writes the value that `%s` has then.", name, name),
	}
	a.Twin = &Twin{&value, version, a.Mode == Required}
	if a.Mode == Required {
		a.Mode = Optional
	}
	return []*Attribute{&value, version}
}

// dropTwins takes the write-only forms out of an object.
func (a *Attribute) dropTwins() {
	a.Twin = nil
	for _, c := range slices.Clone(a.Children) {
		if t := c.Twin; t != nil {
			a.Children = slices.DeleteFunc(a.Children, func(c *Attribute) bool { return c == t.Value || c == t.Version })
		}
	}
}

// note points from a secret to its write-only form.
func (t *Twin) note() string {
	switch {
	case t == nil:
		return ""
	case t.required:
		return fmt.Sprintf(" Required, unless `%s` is given.", t.Value.Name)
	}
	return fmt.Sprintf(" See also `%s`.", t.Value.Name)
}

// IsUsed reports whether an object, of which the members are given, has the
// write-only form of a secret: by the value in a configuration, by the version in
// a state.
func (t *Twin) IsUsed(members map[string]tftypes.Value) bool {
	return t != nil && (!tfvalue.IsNull(members[t.Value.Name]) || !tfvalue.IsNull(members[t.Version.Name]))
}

// WithWriteOnly returns an object with the write-only values of its configuration.
func (a *Attribute) WithWriteOnly(v, config tftypes.Value) tftypes.Value {
	if tfvalue.IsNull(v) || tfvalue.IsNull(config) {
		return v
	}
	out, given := maps.Clone(tfvalue.Members(v)), tfvalue.Members(config) // the members of a value are the value's own
	for _, c := range a.Children {
		if c.WriteOnly {
			out[c.Name] = given[c.Name]
		}
	}
	return tftypes.NewValue(a.Type, out)
}

// GivenWriteOnly returns the names of the write-only attributes that a
// configuration gives.
func (a *Attribute) GivenWriteOnly(config tftypes.Value) (names []string) {
	given := tfvalue.Members(config)
	for _, c := range a.Children {
		if c.WriteOnly && !tfvalue.IsNull(given[c.Name]) {
			names = append(names, c.Name)
		}
	}
	return names
}

// TwinFaults finds where a configuration gives both forms of a secret, or only a
// part of the write-only one. What is unknown may yet be null.
func (a *Attribute) TwinFaults(config tftypes.Value, found func(name, text string)) {
	given := tfvalue.Members(config)
	for _, c := range a.Children {
		if c.Twin == nil {
			continue
		}
		plain, value, version := c.Name, c.Twin.Value.Name, c.Twin.Version.Name
		stands := func(name string) bool { return !tfvalue.IsNull(given[name]) && given[name].IsKnown() }
		switch {
		case stands(plain) && stands(value):
			found(value, fmt.Sprintf("%s: %s is given as well. Give one of them; of %s nothing is kept in state.", value, plain, value))
		case stands(version) && tfvalue.IsNull(given[value]):
			found(version, fmt.Sprintf("%s: it is the version of %s, which is not given. Give %s, or leave out its version.", version, value, value))
		case stands(value) && tfvalue.IsNull(given[version]):
			found(value, fmt.Sprintf("%s: %s is missing. Without it nobody could tell that the value changes: give it a number, such as 1, and another one whenever %s is to be written anew.",
				value, version, value))
		case stands(version) && !isWhole(given[version]):
			found(version, version+": expected a whole number, such as 1.")
		}
	}
}

func isWhole(v tftypes.Value) bool {
	n := new(big.Float)
	return v.As(&n) == nil && n.IsInt()
}
