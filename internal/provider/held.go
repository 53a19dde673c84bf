package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// heldBook knows, for a session, which plugins the control planes hold and
// which of them this configuration manages, as far as Terraform showed them.
type heldBook struct {
	mu      sync.Mutex
	managed map[string]bool // by id
	lists   map[string]*heldList
}

type heldList struct {
	once sync.Once
	at   map[string]map[string]any // by the unique values that they take, see claimKey
}

// manage notes an object of Terraform's state.
func (s *session) manage(r *resource, state tftypes.Value) {
	if r.typ != entity.Plugin || tfvalue.IsNull(state) {
		return
	}
	id := r.subject(state).text(r.typ.ID)
	s.held.mu.Lock()
	defer s.held.mu.Unlock()
	if s.held.managed == nil {
		s.held.managed = map[string]bool{}
	}
	s.held.managed[id] = true
}

func (b *heldBook) manages(id any) bool {
	text, _ := id.(string)
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.managed[text]
}

func (b *heldBook) list(controlPlane string) *heldList {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lists == nil {
		b.lists = map[string]*heldList{}
	}
	l := b.lists[controlPlane]
	if l == nil {
		l = &heldList{}
		b.lists[controlPlane] = l
	}
	return l
}

// heldPlugins returns the plugins of a control plane, read once. That they
// cannot be read is found out soon enough.
func (r *resource) heldPlugins(ctx context.Context, s *session, in subject, controlPlane string) map[string]map[string]any {
	l := s.held.list(controlPlane)
	l.once.Do(func() {
		docs, _ := s.api.List(ctx, client.Ref{Type: entity.Plugin, Parents: []string{controlPlane}}, nil)
		l.at = make(map[string]map[string]any, len(docs))
		for _, doc := range docs {
			for _, u := range r.typ.Unique {
				if key, ok := r.claimKey(in, u, doc); ok {
					l.at[key] = doc
				}
			}
		}
	})
	return l.at
}

// occupied warns that a plugin to be created is there already, in the place or
// under the instance name that it wants.
//
// It is a warning, since what holds the place may be about to leave it: a
// resource that has lost its block or got another address is shown by
// Terraform in no particular order, perhaps after this one. What was shown
// before is known to be managed, and not warned of: so a replacement, whose
// old object is its own, never is. If it is not about to leave, the apply
// fails with the same advice. What Konnect itself has placed does not leave by
// any plan: that is an error at once.
func (r *resource) occupied(ctx context.Context, s *session, in subject, doc map[string]any) (diags diagnostics) {
	id, known := in.get("control_plane_id").(string)
	if r.typ != entity.Plugin || doc == nil || !known || s.api == nil {
		return nil
	}
	for _, u := range r.typ.Unique {
		key, ok := r.claimKey(in, u, doc)
		if !ok {
			continue
		}
		held := r.heldPlugins(ctx, s, in, id)[key]
		if held == nil || s.held.manages(held[r.typ.ID]) {
			continue
		}
		loc := attribute.Locator{Root: in.root, Config: in.value}
		if tag := managedTag(held["tags"]); tag != "" {
			diags = append(diags, failure(loc.Locate(schema.Dotted(u.Fields[0])), "A "+r.typ.Title+" of Konnect's own is there",
				fmt.Sprintf("The control plane holds %s already (ID %v). %s", r.identity(u, doc), held[r.typ.ID], ofKonnect(tag))))
			continue
		}
		diags = append(diags, warning(loc.Locate(schema.Dotted(u.Fields[0])), "A "+r.typ.Title+" exists already", fmt.Sprintf(
			"The control plane holds %s already (ID %v). Unless this plan moves or deletes it, the apply will be refused. "+
				"To manage the existing one here, import it:\n\n%s\n\nIf it is managed under another address of this configuration, say so with a moved block.",
			r.identity(u, doc), held[r.typ.ID], r.importBlock(held, in))))
	}
	return diags
}

// ofKonnect says who made what bears a mark of Konnect's, and what to do when
// it is in the way.
func ofKonnect(tag string) string {
	return fmt.Sprintf("Konnect itself placed it, for the application registration of an API product version, as its tag %q says; "+
		"it can be imported, but neither changed nor deleted from here. "+
		"Leave this resource out, or limit it to something else; or disable application registration for the service in Konnect first.", tag)
}

// importBlock is the block that brings an existing object under the management
// of this configuration.
func (r *resource) importBlock(doc map[string]any, in subject) string {
	id := r.importExample(doc, in)
	var object map[string]string
	if json.Unmarshal([]byte(id), &object) == nil {
		var b strings.Builder
		for _, k := range slices.Sorted(maps.Keys(object)) {
			fmt.Fprintf(&b, ", %s = %q", k, object[k])
		}
		id = "jsonencode({ " + strings.TrimPrefix(b.String(), ", ") + " })"
	} else {
		id = fmt.Sprintf("%q", id)
	}
	return fmt.Sprintf("  import {\n    to = %s.<name>\n    id = %s\n  }", r.name, id)
}
