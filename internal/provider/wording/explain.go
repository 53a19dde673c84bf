package wording

import (
	"sort"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Explained says what is meant, and joins the two messages of a condition: that it failed, and what
// its consequence is. Kong lists them apart, under the entity and under the
// field.
func Explained(in []*schema.Violation) []*schema.Violation {
	out := make([]*schema.Violation, 0, len(in))
	for _, v := range in {
		if v.Meant != nil {
			v = v.Meant
		}
		if v.Rule == "conditional" && v.Entity && len(v.Fields) > 1 {
			if i := consequence(in, v); i >= 0 {
				continue
			}
		}
		out = append(out, v)
	}
	for i, v := range out {
		if reason := condition(in, v); reason != "" {
			c := *v
			c.Message += " (" + reason + ")"
			out[i] = &c
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path.String() < out[j].Path.String() })
	return out
}

// consequence returns which violation a failed condition led to, or -1.
func consequence(in []*schema.Violation, condition *schema.Violation) int {
	for i, v := range in {
		if isConsequence(v, condition) {
			return i
		}
	}
	return -1
}

func isConsequence(v, condition *schema.Violation) bool {
	if v.Entity {
		return false
	}
	then := condition.Fields[len(condition.Fields)-1]
	return v.Path.String() == condition.Path.Join(schema.Dotted(then)...).String()
}

// condition says which condition asked for what a violation lacks, or "".
func condition(in []*schema.Violation, v *schema.Violation) string {
	for _, c := range in {
		if c.Rule == "conditional" && c.Entity && len(c.Fields) > 1 && isConsequence(v, c) {
			return "because of the value of " + c.Path.Join(schema.Dotted(c.Fields[0])...).String()
		}
	}
	return ""
}
