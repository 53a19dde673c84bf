package resource

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// occupied warns that another object has a unique value of one that is to be
// created: a name, or the place of a plugin.
//
// It is a warning, because the object in the way may be about to leave: its
// resource may have lost its block or got another address, and Terraform shows
// resources in no particular order. There is no warning of an object that
// Terraform showed before this call: it is managed. That includes the old
// object of a replacement. If the object stays, the apply fails with the same
// advice. No plan removes what Konnect itself has placed: that is an error at
// once.
func (r *Resource) occupied(ctx context.Context, s *session.Session, c candidate) (diags report.Diagnostics) {
	ref := c.ref(r.Type)
	if c.filled == nil || s.API == nil || slices.Contains(ref.Parents, "") {
		return nil
	}
	for _, u := range r.Type.Distinct() {
		held := s.Holder(ctx, ref, u, c.filled)
		if held == nil || s.Manages(r.Type, r.managedAs(held, c.subject)) {
			continue
		}
		if found := r.resumes(s, ref, c, held); found != nil {
			return append(diags, found...)
		}
		at := c.locator().Locate(schema.Dotted(u.Fields[0]))
		if tag := managedTag(held["tags"]); r.Type == entity.Plugin && tag != "" {
			diags = append(diags, report.Failure(at, "A "+r.Type.Title+" of Konnect's own is there",
				fmt.Sprintf("The control plane holds %s already (ID %v). %s", r.identity(u, c.filled), held[r.Type.ID], ofKonnect(tag))))
			continue
		}
		where := "The control plane holds %s already (ID %v). "
		if len(ref.Parents) == 0 {
			where = "There is %s already (ID %v). "
		}
		diags = append(diags, report.Warning(at, "A "+r.Type.Title+" exists already", fmt.Sprintf(where+
			r.otherOwner(held, c.subject)+"Unless this plan moves or deletes it, the apply will be refused. "+
			"To manage the existing one here, import it:\n\n%s\n\nIf it is managed under another address of this configuration, say so with a moved block.",
			r.identity(u, c.filled), held[r.Type.ID], r.importBlock(held, c.subject))))
	}
	return diags
}

// otherOwner says to what an object belongs, if that is something else than it
// would belong to here.
func (r *Resource) otherOwner(held map[string]any, in subject) string {
	keys := r.keysOf(query{}, held)
	for i, p := range r.parents {
		if id := keys[p]; id != "" && entity.CanonicalID(id) != entity.CanonicalID(in.text(p)) {
			return fmt.Sprintf("It belongs to the %s %s: imported under another %s, it would be replaced. ", r.Type.Owners()[i].Title, id, p)
		}
	}
	return ""
}

// ofKonnect says that Konnect placed a plugin, and what to do when it is in the
// way.
func ofKonnect(tag string) string {
	return fmt.Sprintf("Konnect itself placed it, for the application registration of an API product version, as its tag %q says; "+
		"it can be imported, but neither changed nor deleted from here. "+
		"Leave this resource out, or limit it to something else; or disable application registration for the service in Konnect first.", tag)
}

// importBlock is the block that brings an existing object under the management
// of this configuration.
func (r *Resource) importBlock(doc map[string]any, in subject) string {
	id := r.importExample(doc, in)
	if object, err := jsonvalue.Object(id); err == nil {
		var b strings.Builder
		for _, k := range slices.Sorted(maps.Keys(object)) {
			fmt.Fprintf(&b, ", %s = %q", k, object[k])
		}
		id = "jsonencode({ " + strings.TrimPrefix(b.String(), ", ") + " })"
	} else {
		id = fmt.Sprintf("%q", id)
	}
	return fmt.Sprintf("  import {\n    to = %s.<name>\n    id = %s\n  }", r.Name, id)
}

// NoteManaged remembers that this configuration manages an object.
func (r *Resource) NoteManaged(s *session.Session, state tftypes.Value) {
	if !tfvalue.IsNull(state) {
		in := r.subject(state)
		s.NoteManaged(r.Type, r.managedAs(map[string]any{r.Type.Address(): in.text(r.Type.Address())}, in))
		r.recorded(s, state)
	}
}

// managedAs tells an object of a run from all others of its type: by its id, or by
// all of its address where that is no id.
func (r *Resource) managedAs(doc map[string]any, in subject) string {
	if r.Type.ChoosesAddress() {
		return r.importExample(doc, in)
	}
	id, _ := doc[r.Type.ID].(string)
	return id
}

// NoFile warns, once, that the file of the embedded control plane was not there
// although a state refers to what it held; or that nothing has kept what is gone.
func (r *Resource) NoFile(s *session.Session, gone bool) report.Diagnostics {
	if s.InMemory {
		return r.notKept(s, gone)
	}
	file := s.NoFile()
	if file == "" {
		return nil
	}
	return report.Diagnostics{report.Warning(nil, "The file of the embedded control plane is not there", fmt.Sprintf(
		"The state holds a %s, and maybe more, but the file of the embedded control plane did not exist when this run began: %s. "+
			"All that it held is to be created anew, and the apply will make a new file there. If that is not what you want, put the file back, "+
			"or correct embedded.path or KONNECT_EMBEDDED: a relative path is taken from the folder in which Terraform runs.", r.Type.Title, file))}
}

func (r *Resource) notKept(s *session.Session, gone bool) report.Diagnostics {
	if !gone || !s.FirstGone() {
		return nil
	}
	return report.Diagnostics{report.Warning(nil, "The embedded control plane keeps nothing", fmt.Sprintf(
		"The state holds a %s, and maybe more, that is not there any more: the embedded control plane is in memory only. Terraform starts the provider anew for "+
			"each plan and for each apply, and each time the control plane begins empty, or with what embedded.load holds. What is missing is to be created anew. "+
			"To keep it from one run to the next, give embedded.path the path of a file.", r.Type.Title))}
}
