package resource

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/openkonnect/terraform-provider-konnect/internal/client"
	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attempt"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/report"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/session"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/state"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
)

// retrial is what becomes of an object that an earlier attempt has made.
type retrial uint8

const (
	// taken: it becomes what is planned now.
	taken retrial = iota
	// harmless: to make it twice is to make it once. No note is kept.
	harmless
	// remade: what only the answer to its creation shows is lost. It is deleted,
	// and made anew.
	remade
)

func (r regular) retried() retrial { return taken }

// begun is a creation under way, of which there is a note.
type begun struct {
	*attempt.Attempt
	// fresh is the id under which the object is put: nobody else has it. It is ""
	// where the control plane chooses, or the user did and it is posted.
	fresh string
	// held is what an earlier attempt has made, if that is there.
	held map[string]any
}

// attempt notes that an object is about to be made, and looks for what an earlier
// attempt at it has left: an apply may have been killed before Terraform had
// recorded the object.
func (r *Resource) attempt(ctx context.Context, s *session.Session, w write) begun {
	ref := w.ref(r.Type)
	chosen := ref.Key // by the user, or known before, as a name
	var b begun
	if client.ChoosesID(r.Type) && chosen == "" {
		ref.Key = s.Workspace.ID(r.Type.Name, ref.Parents...)
		b.fresh = ref.Key
	}
	now := time.Now()
	if r.retried() == harmless {
		return begun{Attempt: (*attempt.Folder)(nil).Begin(nil, "", "", now)}
	}
	b.Attempt = s.Attempts.Begin(r.attemptKeys(s, ref, w.body), ref.Key, addressOf(ref), now)
	if !b.Again || s.API == nil {
		return b
	}
	if b.fresh != "" && b.ID != "" {
		ref.Key = b.ID
		b.fresh = b.ID
		b.held, _ = s.API.Get(ctx, ref) // what cannot be read is put all the same
		return b
	}
	r.rediscover(ctx, s, w, &b)
	return b
}

// rediscover looks for what an earlier attempt has made under an id that is not ours
// alone. An object under an id that the user chose is put then.
func (r *Resource) rediscover(ctx context.Context, s *session.Session, w write, b *begun) {
	if b.held = r.left(ctx, s, w, b.Attempt); b.held != nil && client.ChoosesID(r.Type) {
		b.fresh = w.ref(r.Type).Key
	}
}

// addressOf tells objects of all types apart; "" for one that has no id yet.
func addressOf(ref client.Ref) string {
	if ref.Key == "" {
		return ""
	}
	path, err := ref.Path()
	if err != nil {
		return ""
	}
	return path
}

// attemptKeys stand for an object that is to be made: for what is unique about
// it, or where nothing is, for all of it. They show nothing of what they stand for.
func (r *Resource) attemptKeys(s *session.Session, ref client.Ref, doc map[string]any) (keys []string) {
	digest := func(parts ...any) {
		if text, err := jsonvalue.Append(nil, append([]any{s.Place, r.Type.Name, ref.Parents}, parts...)); err == nil {
			sum := sha256.Sum256(text)
			keys = append(keys, hex.EncodeToString(sum[:]))
		}
	}
	if ref.Key != "" && ref.Key == doc[r.Type.ID] {
		digest(r.Type.ID, ref.Key)
	}
	for _, u := range r.Type.Unique {
		if key, ok := u.Key(r.owning(ref, doc)); ok {
			digest(u.Name, key)
		}
	}
	if len(keys) == 0 {
		digest(doc)
	}
	return keys
}

// owning is a document with what it belongs to, which unique values may count and
// requests do not hold.
func (r *Resource) owning(ref client.Ref, doc map[string]any) map[string]any {
	owners := r.Type.Owners()
	out := maps.Clone(doc)
	for i, t := range owners {
		if field := r.Type.FieldTo(t); field != "" && i < len(ref.Parents) && out[field] == nil {
			out[field] = map[string]any{"id": ref.Parents[i]}
		}
	}
	return out
}

// make makes an object, or takes what an earlier attempt has made: also where the
// control plane has carried that out only now.
func (r *Resource) make(ctx context.Context, s *session.Session, plan tftypes.Value, w write, b *begun) (map[string]any, error) {
	if b.held == nil || b.fresh != "" {
		w.fresh = b.fresh
		doc, err := r.behaviour.create(ctx, s, w)
		if !b.Again || b.fresh != "" || !errors.Is(err, client.ErrConflict) {
			return doc, err
		}
		if r.rediscover(ctx, s, w, b); b.held == nil {
			return nil, err
		}
		return r.make(ctx, s, plan, w, b)
	}
	return r.takeOver(ctx, s, plan, w, b.held)
}

// takeOver makes an object that is there what is planned.
func (r *Resource) takeOver(ctx context.Context, s *session.Session, plan tftypes.Value, w write, held map[string]any) (map[string]any, error) {
	if r.retried() == remade {
		in := r.subject(r.found(w, held))
		if err := r.behaviour.delete(ctx, s, in); err != nil && !errors.Is(err, client.ErrNotFound) {
			return nil, err
		}
		return r.behaviour.create(ctx, s, w)
	}
	was, _, err := r.fetch(ctx, s, r.found(w, held), nil, state.Projector{Adopting: true})
	if err != nil {
		return nil, err
	}
	before := r.subject(was)
	w.prior, w.key = before.document(), before.text(r.Type.Address())
	if w.value, err = state.Resolve(r.Root(), plan, map[string]any{r.Type.Address(): w.key}); err != nil {
		return nil, err
	}
	return r.behaviour.update(ctx, s, w)
}

// found is a state of which nothing is known but the address, that of an object
// of the control plane.
func (r *Resource) found(w write, held map[string]any) tftypes.Value {
	keys := map[string]string{}
	for _, p := range w.parents {
		keys[p] = w.text(p)
	}
	keys[r.Type.Address()], _ = held[r.Type.Address()].(string)
	return r.at(keys)
}

// settled notes what came of an attempt.
func (r *Resource) settled(b begun, w write, doc map[string]any, err error) {
	e, sent := errors.AsType[*client.Error](err)
	switch {
	case err == nil:
		ref := w.ref(r.Type)
		ref.Key, _ = doc[r.Type.Address()].(string)
		b.Made(ref.Key, addressOf(ref))
	case b.held == nil && (!sent || refusedAtOnce(e)):
		b.Drop()
	}
}

// refusedAtOnce reports whether nothing can have been made: an answer says no,
// and it is the only one.
func refusedAtOnce(e *client.Error) bool {
	return e.Attempts == 1 && e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError
}

// word says that an object was not made but found.
func (r *Resource) word(b begun, w write) report.Diagnostics {
	if b.held == nil {
		return nil
	}
	became := "It is managed here from now on, with the values of this plan; no second one was made."
	if r.retried() == remade {
		became = "What only the answer to its creation shows was lost with it, so that it was deleted and made anew."
	}
	return report.Diagnostics{report.Warning(nil, "Taken over from an apply that was cut short", fmt.Sprintf(
		"The %s (ID %v) was there already: %s made it, and ended before Terraform had recorded it. %s",
		r.label(w.doc), b.held[r.Type.Address()], earlier(b.Again), became))}
}

// earlier says which apply has made an object: a note tells of one here, the id of one
// anywhere.
func earlier(noted bool) string {
	if noted {
		return "an earlier apply in this folder"
	}
	return "an earlier apply for this state, as its ID shows,"
}

// The time around an attempt in which a control plane, whose clock may be
// another, says that the object was made.
const (
	before = time.Minute
	after  = 5 * time.Minute
)

// left returns the object that an earlier attempt has made where the control
// plane chose its id, or nil. If it never told, the object has the unique values
// of what is planned, or all of them, and was made at that time.
func (r *Resource) left(ctx context.Context, s *session.Session, w write, a *attempt.Attempt) map[string]any {
	ref := w.ref(r.Type)
	if ref.Key = cmp.Or(a.ID, ref.Key); ref.Key != "" {
		doc, err := s.API.Get(ctx, ref)
		if err != nil || w.ref(r.Type).Key != "" && !r.madeBy(a, s, w.candidate, w.body, doc) {
			return nil
		}
		return doc
	}
	docs, err := s.API.List(ctx, ref, nil)
	if err != nil {
		return nil
	}
	i := slices.IndexFunc(docs, func(doc map[string]any) bool { return r.madeBy(a, s, w.candidate, w.body, doc) })
	if i < 0 {
		return nil
	}
	return docs[i]
}

// madeBy reports whether an attempt has made an object: it has the id that was
// chosen for it; or the control plane says that it was made at that time,
// it is what is to be made, as far as answers show, and nothing else manages it.
func (r *Resource) madeBy(a *attempt.Attempt, s *session.Session, c candidate, body, held map[string]any) bool {
	id, _ := held[r.Type.Address()].(string)
	if id == "" || s.Manages(r.Type, id) {
		return false
	}
	if a.ID != "" && c.text(r.Type.Address()) == "" {
		return entity.CanonicalID(a.ID) == entity.CanonicalID(id)
	}
	made, known := timeIn(held["created_at"])
	known = known && slices.ContainsFunc(a.Tries, func(t time.Time) bool {
		return made.After(t.Add(-before)) && made.Before(t.Add(after))
	})
	if !known {
		return false
	}
	return r.isShownIn(held, c, body)
}

// isShownIn reports whether an object is what is to be made, as far as answers show.
func (r *Resource) isShownIn(held map[string]any, c candidate, body map[string]any) bool {
	shown := document.Lift(held, r.Type.ReplyPaths)
	for name, v := range body {
		hidden := slices.Contains(r.Type.WriteOnly, name) || slices.Contains(r.Type.Internal, name) || slices.Contains(r.Type.Computed, name)
		if !hidden && v != nil && !document.Exactly.Same(c.schema.Field(name), v, shown[name]) {
			return false
		}
	}
	return true
}

// timeIn reads a time of either family of the API.
func timeIn(v any) (time.Time, bool) {
	switch v := v.(type) {
	case json.Number:
		seconds, err := v.Int64()
		return time.Unix(seconds, 0), err == nil
	case string:
		t, err := time.Parse(time.RFC3339, v)
		return t, err == nil
	}
	return time.Time{}, false
}

// resumes says, when a plan is made, that an object which is there is our own:
// the apply takes it over. It is nil for any other.
func (r *Resource) resumes(s *session.Session, ref client.Ref, c candidate, held map[string]any) report.Diagnostics {
	a := s.Attempts.Find(r.attemptKeys(s, ref, c.filled))
	noted := a != nil && r.madeBy(a, s, c, c.filled, held)
	if !noted && !r.isOurs(s, c, c.filled, held) {
		return nil
	}
	became := "This plan takes it over; no second one is made."
	if !noted {
		became = "Unless this plan deletes it, it is taken over; no second one is made. If it is managed under another address of this configuration, say so with a moved block."
	}
	return report.Diagnostics{report.Warning(nil, "Left by an apply that was cut short", fmt.Sprintf(
		"The %s (ID %v) is there already: %s made it, and ended before Terraform had recorded it. %s", r.label(c.filled), held[r.Type.Address()], earlier(noted), became))}
}

// recorded forgets the attempt at an object that Terraform has in its state.
func (r *Resource) recorded(s *session.Session, value tftypes.Value) {
	if s.Attempts.Any() && !tfvalue.IsNull(value) {
		s.Attempts.Recorded(addressOf(r.subject(value).ref(r.Type)))
	}
}
