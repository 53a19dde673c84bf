package resource

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// TooOld refuses write-only attributes to a Terraform that would not keep them
// out of its state.
func (r *Resource) TooOld(config tftypes.Value) (diags report.Diagnostics) {
	for _, name := range r.Root().GivenWriteOnly(config) {
		diags = append(diags, report.Failure(report.AttributePath(name), r.invalid(), fmt.Sprintf(
			"%s: this version of Terraform does not know write-only attributes and would keep the value in its state. "+
				"Terraform knows them since 1.11: use a newer one, or %s.", name, r.twinOf(name).Name)))
	}
	return diags
}

// twinOf returns the secret that an attribute is the write-only form or the
// version of, or nil.
func (r *Resource) twinOf(name string) *attribute.Attribute {
	for _, c := range r.Root().Children {
		if t := c.Twin; t != nil && (t.Value.Name == name || t.Version.Name == name) {
			return c
		}
	}
	return nil
}

func (r *Resource) twinFaults(config tftypes.Value) (diags report.Diagnostics) {
	r.Root().TwinFaults(config, func(name, text string) {
		diags = append(diags, report.Failure(report.AttributePath(name), r.invalid(), text))
	})
	return diags
}

// sameTwin reports whether a change that means another object only puts the same
// secret into its write-only form. The other way round nobody can tell.
func (r *Resource) sameTwin(at *tftypes.AttributePath, config, prior tftypes.Value) bool {
	name, _ := at.LastStep().(tftypes.AttributeName)
	a := r.Root().Named(string(name))
	if a.Twin == nil {
		if a = r.twinOf(string(name)); a == nil {
			return false
		}
	}
	given, before := tfvalue.Members(config)[a.Twin.Value.Name], tfvalue.Members(prior)[a.Name]
	return !tfvalue.IsNull(before) && !tfvalue.IsNull(given) && tfvalue.Same(given, before)
}

// steadyTwins are the secrets in write-only form of which a plan says that they
// stay.
func (r *Resource) steadyTwins(plan, prior tftypes.Value) (out []*attribute.Attribute) {
	after, before := tfvalue.Members(plan), tfvalue.Members(prior)
	for _, c := range r.Root().Children {
		if c.Twin.IsUsed(before) && tfvalue.Same(after[c.Twin.Version.Name], before[c.Twin.Version.Name]) {
			out = append(out, c)
		}
	}
	return out
}

// keptTwins are the fields in which an update leaves what the control plane holds:
// whatever the configuration gives by now, or because it gives nothing any more.
func (r *Resource) keptTwins(plan, prior tftypes.Value) (keys []string) {
	steady, after, before := r.steadyTwins(plan, prior), tfvalue.Members(plan), tfvalue.Members(prior)
	for _, c := range r.Root().Children {
		isLeft := c.Twin.IsUsed(before) && !after[c.Name].IsKnown()
		if r.isShown(c) && (isLeft || slices.Contains(steady, c)) {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// isShown reports whether answers show a value as it was written.
func (r *Resource) isShown(a *attribute.Attribute) bool {
	return !slices.Contains(r.Type.WriteOnly, a.Key) && !slices.Contains(r.unshown, a.Name) && r.Type.Shown == nil
}

// resent warns of a secret that an update writes although its version stays: the
// control plane takes objects as a whole, and does not show this part of them.
func (r *Resource) resent(plan, prior tftypes.Value) (diags report.Diagnostics) {
	for _, c := range r.steadyTwins(plan, prior) {
		if !r.isShown(c) {
			diags = append(diags, report.Warning(report.AttributePath(c.Twin.Value.Name), "Secret written again", fmt.Sprintf(
				"%s: the control plane takes a %s as a whole, and never shows its %s. So this change also writes the value that the configuration gives now, although %s stays. "+
					"If that is another value than before, say so by another version.", c.Twin.Value.Name, r.Type.Title, c.Name, c.Twin.Version.Name)))
		}
	}
	return diags
}
