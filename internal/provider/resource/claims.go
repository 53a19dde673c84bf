package resource

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// claim notes the unique values of an object, and reports those that another
// object of this configuration has too.
func (r *Resource) claim(s *session.Session, c candidate) (diags report.Diagnostics) {
	if c.filled == nil || !s.Configured() {
		return nil
	}
	for _, u := range r.Type.Distinct() {
		key, ok := r.claimKey(c, u)
		if !ok {
			continue
		}
		if holder := s.Claim(key, r.label(c.filled)); holder != "" {
			diags = append(diags, r.duplicate(c, u, holder))
		}
	}
	return append(diags, r.crowded(s, c)...)
}

// claimKey returns a text that no two objects share, or false if a part of it
// is unknown, or left for the control plane to make.
func (r *Resource) claimKey(c candidate, u entity.Unique) (string, bool) {
	for _, name := range u.Fields {
		if f := c.schema.Field(name); f != nil && f.Auto && c.doc[name] == nil {
			return "", false
		}
	}
	key, ok := u.Key(c.filled)
	ok = ok && !slices.ContainsFunc(u.Fields, c.isMade)
	parts := []string{r.Type.Name, u.Name}
	for _, p := range c.parents[:depth(r.Type)] {
		id, known := c.get(p).(string)
		ok = ok && known
		parts = append(parts, entity.CanonicalID(id))
	}
	return strings.Join(append(parts, key), "\x00"), ok
}

// isMade reports whether the control plane will make the value of a field: what
// stands in for it while the rest is judged is nobody's.
func (c candidate) isMade(name string) bool {
	f := c.schema.Field(name)
	return f != nil && f.Auto && c.doc[name] == nil
}

// depth is how many entities are above the one in which the unique values of a
// type are unique.
func depth(t *entity.Type) (n int) {
	for p := t.Parent; p != nil; p = p.Parent {
		n++
	}
	return n
}

// label names an object of the configuration. Terraform does not tell its address.
func (r *Resource) label(doc map[string]any) string {
	text := r.Name
	for _, f := range []string{"instance_name", "name"} {
		if v, ok := doc[f].(string); ok && !strings.HasSuffix(r.Name, "_"+attribute.NameOf(v)) {
			text = fmt.Sprintf("%s with %s = %q", text, f, v)
			break
		}
	}
	if tag := managedTag(doc["tags"]); r.Type == entity.Plugin && tag != "" {
		text += fmt.Sprintf(" (which Konnect itself placed for application registration, as its tag %q says)", tag)
	}
	return text
}

// duplicate says that two objects of this configuration exclude each other.
func (r *Resource) duplicate(c candidate, u entity.Unique, holder string) *tfprotov6.Diagnostic {
	field := u.Fields[0]
	for _, f := range plugins.Scopes { // the scope is what would have to differ
		if slices.Contains(u.Fields, f) && c.filled[f] != nil {
			field = f
			break
		}
	}
	return report.Failure(c.locator().Locate(schema.Dotted(field)), "Duplicate "+r.Type.Title, fmt.Sprintf(
		"Two resources of this configuration are %s%s: this %s, and a %s. A control plane takes one. "+
			"Remove one of the two, or change it; which of them Terraform complains of is chance.",
		r.identity(u, c.filled), r.below(c.subject), r.label(c.filled), holder))
}

// identity names what is unique about an object.
func (r *Resource) identity(u entity.Unique, doc map[string]any) string {
	if r.Type == entity.Plugin && u.NullsEqual {
		return fmt.Sprintf("the plugin %q %s", fmt.Sprint(doc["name"]), scopeOf(doc))
	}
	var parts []string
	for _, f := range u.Fields {
		if isSecret(r.Type, f) {
			parts = append(parts, "the same "+f)
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %v", f, shownValue(doc[f])))
	}
	return fmt.Sprintf("the %s with %s", r.Type.Title, strings.Join(parts, " and "))
}

func shownValue(v any) string {
	if ref, ok := v.(map[string]any); ok {
		v = ref["id"]
	}
	if text, ok := v.(string); ok {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprint(v)
}

// scopeOf names what a plugin is limited to.
func scopeOf(doc map[string]any) string {
	var parts []string
	for _, f := range plugins.Scopes {
		if ref, ok := doc[f].(map[string]any); ok {
			parts = append(parts, fmt.Sprintf("%s %v", strings.ReplaceAll(f, "_", " "), ref["id"]))
		}
	}
	if len(parts) == 0 {
		return "without a scope (global)"
	}
	return "for " + strings.Join(parts, " and ")
}

// below names the control plane and the other entities that an object belongs
// to.
func (r row) below(in subject) string {
	var text strings.Builder
	for _, p := range in.parents {
		fmt.Fprintf(&text, " in %s %s", r.parentTitle(p), in.text(p))
	}
	return text.String()
}
