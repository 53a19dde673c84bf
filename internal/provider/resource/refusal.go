package resource

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/wording"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// refused turns the error of a request into diagnostics: complaints about a
// field stand at its attribute, a taken name shows the object that has it.
func (r *Resource) refused(ctx context.Context, s *session.Session, verb string, w write, err error) report.Diagnostics {
	summary := "Unable to " + verb + " " + r.Type.Title
	c := w.candidate
	if w.body != nil {
		c.doc = w.body // what was sent has the secrets that the server made before
	}
	rep := r.report(c)
	var e *client.Error
	if !errors.As(err, &e) {
		return report.Diagnostics{report.Failure(nil, summary, wording.Sentence(rep.Mask(err.Error())))}
	}
	if d := r.obstructed(ctx, s, verb, w, err); d != nil {
		return report.Diagnostics{d}
	}
	rep.Summary = summary
	if errors.Is(err, client.ErrForbidden) || e.Status == http.StatusBadRequest && len(e.Violations) == 0 {
		if d := r.readOnlyPlane(ctx, s, summary, w.subject); d != nil {
			return report.Diagnostics{d}
		}
	}
	out := make(report.Diagnostics, 0, len(e.Violations))
	for _, v := range e.Violations {
		if at := rep.At(v); at != nil {
			out = append(out, report.Failure(report.Shown(at), summary, rep.Text(v)+" (The control plane says so.)"))
		}
	}
	if len(out) == len(e.Violations) && len(out) > 0 {
		return out
	}
	return append(out, report.Failure(nil, summary, wording.Sentence(rep.Mask(e.Error()))))
}

// answerLost reports whether an object whose id the server chooses may have been
// made by a request of which no usable answer came: this one, or an earlier
// attempt.
func answerLost(e *client.Error) bool {
	return e.Method == http.MethodPost && (e.MayHaveHappened || e.Status/100 == 2 || e.Attempts > 1)
}

// obstructed explains a refusal by the object that is in the way. It returns nil
// if there is none to be found.
func (r *Resource) obstructed(ctx context.Context, s *session.Session, verb string, w write, err error) *tfprotov6.Diagnostic {
	if met, ok := errors.AsType[*obstacle](err); ok {
		if verb == "delete" {
			return report.Failure(nil, "Unable to delete "+r.Type.Title, met.inUse(r.Type, w.ref(r.Type).Key))
		}
		return r.taken(verb, w, met, false)
	}
	e, ok := errors.AsType[*client.Error](err)
	api, missing := s.Client()
	if !ok || missing != nil || verb != "create" || w.ref(r.Type).Key != "" || !answerLost(e) {
		return nil
	}
	u, held := r.conflicting(ctx, api, w)
	if held == nil {
		return nil
	}
	return r.taken(verb, w, &obstacle{unique: u, held: held}, true)
}

// taken explains a conflict: it shows the object that has the unique value
// already, and how to adopt it. Where an answer was lost, that is probably what
// the request made.
func (r *Resource) taken(verb string, w write, met *obstacle, lost bool) *tfprotov6.Diagnostic {
	fields := strings.Join(met.unique.Fields, ", ")
	at, summary := w.locator().Locate(schema.Dotted(met.unique.Fields[0])), "Unable to "+verb+" "+r.Type.Title
	text := fmt.Sprintf("A %s with this %s exists already. Nothing was changed. ", r.Type.Title, fields)
	if tag := managedTag(met.held["tags"]); r.Type == entity.Plugin && tag != "" {
		return report.Failure(at, summary, text+ofKonnect(tag))
	}
	if met.outcome == session.Exchanged {
		return report.Failure(at, summary, fmt.Sprintf(
			"This %s (ID %s) and a %s exchange their %s, and a control plane takes neither change before the other. Nothing was changed. "+
				"That takes two applies: give one of them something else first, or leave it out, and what it is to have in the second.",
			r.label(w.doc), w.key, met.turn, fields))
	}
	if lost {
		text = fmt.Sprintf("A %s with this %s is there now. The first attempt to create it, whose answer was lost, has probably made it; it was not made again. ",
			r.Type.Title, fields)
	} else {
		text += "If this configuration is about to give that one another, or to delete it, apply again: Terraform does not order such changes. "
	}
	return report.Failure(at, summary, text+r.otherOwner(met.held, w.subject)+
		"To manage the existing one here, add this block, or import it from the command line:\n\n"+r.importBlock(met.held, w.subject)+
		"\n\nTerraform imports it under the ID "+r.importExample(met.held, w.subject))
}
