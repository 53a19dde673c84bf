package resource

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Some answers do not show what was written, but a hash of it, a part, or the same
// in other words. A read keeps in state what was written ([Resource.recalled]); a
// plan keeps what is in state, as after an import, where the configuration says
// that ([Resource.restate]); and what is sent is what the configuration says
// ([Resource.asGiven]).

// recalled puts into an answer what the control plane keeps to itself or shows in
// another form, as it was written: secrets, hashes, and texts that mean what the
// answer says.
func (r *Resource) recalled(in subject, doc map[string]any) map[string]any {
	if len(r.Type.WriteOnly)+len(r.unshown) == 0 && r.Type.Normalize == nil && r.Type.Shown == nil {
		return maps.Clone(doc) // nothing is kept, and all is shown as it was written
	}
	held, out := in.document(), maps.Clone(doc)
	for _, name := range r.Type.WriteOnly {
		if held[name] != nil {
			out[name] = held[name]
		}
	}
	for _, name := range r.unshown {
		if held[name] != nil && doc[name] != nil {
			out[name] = held[name]
		}
	}
	for _, form := range []func(map[string]any){r.Type.Normalize, r.Type.Shown} {
		if form == nil {
			continue
		}
		formed := maps.Clone(held)
		form(formed)
		for name, v := range formed {
			if held[name] != nil && saysTheSame(r.Type.Schema().Field(name), v, doc[name]) {
				out[name] = held[name]
			}
		}
	}
	return out
}

// saysTheSame reports whether two values mean the same: also two texts of one
// object in JSON.
func saysTheSame(f *schema.Field, a, b any) bool {
	if document.Exactly.Same(f, a, b) {
		return true
	}
	one, err := jsonvalue.Object(fmt.Sprint(a))
	if err != nil {
		return false
	}
	two, err := jsonvalue.Object(fmt.Sprint(b))
	return err == nil && schema.Equal(one, two)
}

// restate keeps the values that state holds where the configuration means the same.
func (r *Resource) restate(c candidate, prior tftypes.Value, planned map[string]tftypes.Value) {
	if tfvalue.IsNull(prior) || r.Type.Normalize == nil && r.Type.Shown == nil && r.hashed == nil {
		return
	}
	before, held := tfvalue.Members(prior), r.subject(prior).document()
	for name, v := range c.doc {
		a := r.Root().Child(name)
		if a == nil || held[name] == nil || tfvalue.IsNull(planned[a.Name]) || !planned[a.Name].IsFullyKnown() {
			continue
		}
		if r.meansHeld(name, v, c.doc, held) {
			planned[a.Name] = before[a.Name]
		}
	}
}

// meansHeld reports whether a value means that which state holds: both are stored
// alike, or answers show it as that and hide nothing of it, or show its hash.
func (r *Resource) meansHeld(name string, v any, doc, held map[string]any) bool {
	f := r.Type.Schema().Field(name)
	formed := func(form func(map[string]any), doc map[string]any) any {
		if form == nil {
			return nil
		}
		out := maps.Clone(doc)
		form(out)
		return out[name]
	}
	if stored := formed(r.Type.Normalize, doc); stored != nil && schema.Equal(stored, formed(r.Type.Normalize, held)) {
		return true
	}
	if shown := formed(r.Type.Shown, doc); shown != nil && saysTheSame(f, v, shown) && saysTheSame(f, shown, held[name]) {
		return true
	}
	hash := formed(r.hashed, doc)
	return hash != nil && schema.Equal(hash, held[name])
}

// asGiven returns a plan with what the configuration alone has: write-only values,
// and those in the place of which the plan may have what answers show.
func (r *Resource) asGiven(plan, config tftypes.Value) tftypes.Value {
	out := r.Root().WithWriteOnly(plan, config)
	if len(r.unshown) == 0 || tfvalue.IsNull(out) {
		return out
	}
	fields, given := maps.Clone(tfvalue.Members(out)), tfvalue.Members(config)
	for _, name := range r.unshown {
		if !tfvalue.IsNull(given[name]) {
			fields[name] = given[name]
		}
	}
	return tftypes.NewValue(r.Root().Type, fields)
}
