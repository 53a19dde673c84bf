package resource

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins/meaning"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// candidate is an object as a configuration or a plan describes it, with the
// schema that judges it.
type candidate struct {
	subject

	schema   *schema.Schema     // nil when it is not known yet, or there is none
	doc      map[string]any     // as written; scalars have the types of the schema
	filled   map[string]any     // completed; nil without a schema
	problems report.Diagnostics // beyond what the schema finds
	// tolerant: the server may know fields that the schema does not.
	tolerant bool
}

// candidate reads a configuration or a plan.
func (r *Resource) candidate(ctx context.Context, s *session.Session, v tftypes.Value) candidate {
	c := r.judge(ctx, s, r.subject(v))
	c.problems = append(c.problems, r.twinFaults(v)...)
	if c.schema != nil {
		c.doc = document.Coerce(c.schema, c.doc)
	}
	return c
}

// complete fills in what the schema knows. It returns the errors that stand
// against the candidate, if there are any.
func (r *Resource) complete(ctx context.Context, s *session.Session, c *candidate) report.Diagnostics {
	if report.HasErrors(c.problems) {
		return c.problems
	}
	if c.schema == nil {
		return nil
	}
	filled, errs := r.completed(ctx, s, *c)
	if errs != nil {
		return r.report(*c).Diagnostics(errs.Violations())
	}
	c.filled = filled
	return nil
}

// completed returns the document with what the schema knows. Parts that come
// from other entities and are not written here are null, whatever their
// defaults are, and unknown while it is not certain that they come from there:
// they are neither shown nor sent.
func (r *Resource) completed(ctx context.Context, s *session.Session, c candidate) (map[string]any, *schema.Errors) {
	filled, errs := document.Complete(ctx, c.schema, c.doc)
	if errs != nil {
		return nil, errs
	}
	certain, possible := r.supplied(ctx, s, c.subject, c.doc)
	for _, place := range certain {
		if schema.Dotted(place).Get(c.doc) == nil {
			setWithin(filled, place, nil)
		}
	}
	for _, place := range possible {
		if schema.Dotted(place).Get(c.doc) == nil {
			setWithin(filled, place, schema.Unknown)
		}
	}
	return filled, nil
}

// report says what is wrong with a candidate.
func (r *Resource) report(c candidate) report.Report {
	return report.Report{Locator: c.locator(), Summary: r.invalid(), Doc: c.doc, Words: r.words(c)}
}

// words say what the fields of a plugin's configuration do; nothing for a custom
// one, which has no name of a bundled one.
func (r *Resource) words(c candidate) func(path string) string {
	name, _ := c.doc["name"].(string)
	if r.Type != entity.Plugin || name == "" {
		return nil
	}
	return func(path string) string { return meaning.Of(name).Field(path) }
}

// judged is what the rules for data planes look at.
func (c candidate) judged() dataplane.Document {
	return dataplane.Document{Written: c.doc, Completed: c.filled}
}

func (c candidate) locator() attribute.Locator {
	return attribute.Locator{Root: c.root, Config: c.value, Schema: c.schema}
}
