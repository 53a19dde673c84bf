package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// snapshotLife is how long after its first page a snapshot is believed.
const snapshotLife = 2 * time.Minute

// Collection is a list of the API whose elements may be read one by one, too.
type Collection struct {
	Type *entity.Type // of the elements
	Path string       // escaped, from the leading slash on
}

// Collection returns the list that the entity is in.
func (r Ref) Collection() (Collection, error) {
	path, err := r.collection()
	return Collection{r.Type, path}, err
}

// Trip says how often a caller that goes through many entities asks for each.
type Trip bool

const (
	// Once says that whoever asks for an entity again has begun anew, and wants
	// to know what became of it since.
	Once Trip = true
	// Often says that the same answer will do again.
	Often Trip = false
)

// Read returns one entity, as [Client.Get] does, for a caller that goes through
// many: the first of a collection costs a GET, and if more follow, the
// collection is listed and the list answers.
//
// Nothing that the list lacks is declared gone: a GET has the last word. Lists
// are forgotten after a write of this client, after a short time, and at the end
// of a trip.
func (c *Client) Read(ctx context.Context, ref Ref, trip Trip) (map[string]any, error) {
	in, err := ref.Collection()
	if err != nil {
		return nil, err
	}
	return c.ReadIn(ctx, in, ref.Key, trip, func() (map[string]any, error) { return c.Get(ctx, ref) })
}

// EndTrip forgets all lists.
func (c *Client) EndTrip() { c.snapshots.clear() }

// ReadIn is [Client.Read] for an element of a collection that has no address of
// its own: the function asks for it in another way. It answers from the snapshot
// of the collection, reads more of it while that promises to be cheaper, or asks.
func (c *Client) ReadIn(ctx context.Context, in Collection, key string, trip Trip, ask func() (map[string]any, error)) (map[string]any, error) {
	var counted *snapshot
	for {
		s := c.snapshots.at(in, c.opts.Now())
		if s != counted && !s.count(key, trip) {
			c.snapshots.drop(in, s)
			continue
		}
		counted = s
		text, next := s.look(key)
		switch next {
		case known:
			if doc, err := s.decode(text); err == nil {
				return doc, nil
			}
			return ask()
		case askForOne:
			return ask()
		}
		if err := c.grow(ctx, s); err != nil {
			return nil, err
		}
	}
}

// Survey returns the entities of a collection from its snapshot, and whether
// these are all: those that come with one request at least, or all of them.
func (c *Client) Survey(ctx context.Context, ref Ref, all bool) (docs []map[string]any, whole bool, err error) {
	in, err := ref.Collection()
	if err != nil {
		return nil, false, err
	}
	for {
		s := c.snapshots.at(in, c.opts.Now())
		if s.suffices(all) {
			return s.contents()
		}
		if err := c.grow(ctx, s); err != nil {
			return nil, false, err
		}
	}
}

// grow reads the next page of a snapshot, or waits for whoever does so. The
// error is that of a caller who no longer waits.
func (c *Client) grow(ctx context.Context, s *snapshot) error {
	query, reading := s.begin(c.opts.Now())
	if query == nil {
		select {
		case <-reading:
			return nil
		case <-ctx.Done():
			return canceled(&call{method: http.MethodGet, url: c.base.JoinPath(s.in.Path)}, ctx.Err(), nil)
		}
	}
	r, err := c.exchange(ctx, http.MethodGet, s.in.Path+"?"+query.Encode(), nil)
	var p *page
	if err == nil {
		p, err = readPage(r)
	}
	if ctx.Err() != nil {
		s.end() // of this caller, not of the snapshot
		return err
	}
	s.add(p, query, err)
	return nil
}

// snapshots are what a client keeps of collections, by their paths.
type snapshots struct {
	mu sync.Mutex
	of map[string]*snapshot
}

// at returns the snapshot of a collection; an empty one where there is none, or
// it is too old.
func (s *snapshots) at(in Collection, now time.Time) *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := s.of[in.Path]
	if held == nil || held.isOld(now) {
		held = &snapshot{in: in, query: url.Values{}, read: map[string]Trip{}, texts: map[string]string{}}
		askForPages(in.Type.Family, held.query)
		if s.of == nil {
			s.of = map[string]*snapshot{}
		}
		s.of[in.Path] = held
	}
	return held
}

// drop forgets a snapshot.
func (s *snapshots) drop(in Collection, held *snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[in.Path] == held {
		delete(s.of, in.Path)
	}
}

// clear forgets all of them. A write may have changed more than what it names:
// what refers to a deleted entity goes with it.
func (s *snapshots) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of = nil
}

// snapshot is what was read of a collection, page by page, and how much of it
// was asked for.
type snapshot struct {
	in Collection

	mu      sync.Mutex
	began   time.Time         // when the first page was asked for
	read    map[string]Trip   // the addresses that were asked for; see canonical
	texts   map[string]string // the entities, by their addresses
	order   []string          // the addresses, as listed
	query   url.Values        // of the next page
	pages   int
	reading chan struct{} // closed when the page that is being read is there
	whole   bool
	failed  error
}

func (s *snapshot) isOld(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.began.IsZero() && now.Sub(s.began) > snapshotLife
}

// count notes a read. It returns false where the same one was there before, so
// that the snapshot is of an earlier trip.
func (s *snapshot) count(key string, trip Trip) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key = s.canonical(key)
	if trip == Once && s.read[key] == Once {
		return false
	}
	s.read[key] = s.read[key] || trip
	return true
}

// step is what to do about a read.
type step uint8

const (
	known step = iota
	askForOne
	readOn
)

// look decides about a read. Each entity that is asked for, but the first, may
// cost a page. One page is enough for most collections; where there are many
// more entities than anybody asks for, all reads together cost twice what they
// would cost alone.
func (s *snapshot) look(key string) (text string, next step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, held := s.texts[s.canonical(key)]
	switch {
	case held:
		return text, known
	case s.whole, s.failed != nil, s.reading == nil && s.pages+1 >= len(s.read):
		return "", askForOne
	}
	return "", readOn
}

func (s *snapshot) decode(text string) (map[string]any, error) {
	doc, err := jsonvalue.Object(text)
	return unwrap(s.in.Type, doc), err
}

// suffices reports whether all is known, or something, or no more will be.
func (s *snapshot) suffices(all bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.whole || s.failed != nil || !all && s.pages > 0
}

func (s *snapshot) contents() (out []map[string]any, whole bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out = make([]map[string]any, len(s.order))
	for i, id := range s.order {
		if out[i], err = s.decode(s.texts[id]); err != nil {
			return nil, false, fmt.Errorf("GET %s: an element of the list cannot be read: %s", s.in.Path, misread(err))
		}
	}
	return out, s.whole, s.failed
}

// begin returns the query of the next page, or the end of one that is being
// read.
func (s *snapshot) begin(now time.Time) (url.Values, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.reading != nil:
		return nil, s.reading
	case s.whole || s.failed != nil: // meanwhile
		done := make(chan struct{})
		close(done)
		return nil, done
	case s.began.IsZero():
		s.began = now
	}
	s.reading = make(chan struct{})
	return s.query, nil
}

func (s *snapshot) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish()
}

func (s *snapshot) finish() {
	close(s.reading)
	s.reading = nil
}

// add takes a page. Where a page cannot be read, or leads nowhere new, the
// snapshot ends: what it has is right, and the rest is asked for one by one.
func (s *snapshot) add(p *page, query url.Values, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.finish()
	if s.pages++; err == nil {
		err = s.take(p)
	}
	if err != nil {
		s.failed = err
		return
	}
	s.whole = !p.advance(query, len(s.order))
}

func (s *snapshot) take(p *page) error {
	before := len(s.order)
	for _, text := range p.texts {
		id, err := s.idOf(text)
		if err != nil || id == "" {
			return p.answer.fail("the answer is not a list of entities: one has no " + s.in.Type.Address())
		}
		if _, again := s.texts[id]; !again {
			s.order = append(s.order, id)
		}
		s.texts[id] = text
	}
	if len(p.texts) > 0 && len(s.order) == before {
		return p.answer.fail("the list does not end: a page repeats what came before")
	}
	return nil
}

// idOf finds the id in the text of an entity, or the key that addresses it.
func (s *snapshot) idOf(text string) (string, error) {
	member, err := jsonvalue.Member(text, s.in.Type.Address())
	if err != nil || member == "" {
		return "", err
	}
	id, err := jsonvalue.Parse(member, 1)
	return s.canonical(scalar(id)), err
}

// canonical is the one way to write an address: in ids, case has no meaning.
func (s *snapshot) canonical(key string) string {
	if s.in.Type.Address() != s.in.Type.ID {
		return key
	}
	return strings.ToLower(key)
}
