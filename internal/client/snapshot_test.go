package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
)

// shelf is a collection of services that counts how it is read. Its pages hold
// as many as are asked for.
type shelf struct {
	mu     sync.Mutex
	stored []string // ids
	calls  []string
	list   http.HandlerFunc // in place of lists
}

func newShelf(mux *http.ServeMux, n int) *shelf {
	s := &shelf{}
	for i := range n {
		s.stored = append(s.stored, shelfID(i))
	}
	mux.HandleFunc("GET "+base+"services", s.page)
	mux.HandleFunc("GET "+base+"services/{id}", s.one)
	mux.HandleFunc("PUT "+base+"services/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.note("PUT")
		answerJSON(200, s.show(r.PathValue("id")))(w, r)
	})
	return s
}

func shelfID(i int) string { return fmt.Sprintf("7f9fd312-a987-4628-b4c5-%012x", i) }

func (s *shelf) note(call string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
}

// seen returns how many GETs and lists there were, and forgets them.
func (s *shelf) seen() (gets, lists int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		switch c {
		case "GET":
			gets++
		case "LIST":
			lists++
		}
	}
	s.calls = nil
	return gets, lists
}

func (s *shelf) show(id string) string {
	return fmt.Sprintf(`{"name":"s-%s","id":%q}`, id, id)
}

func (s *shelf) one(w http.ResponseWriter, r *http.Request) {
	s.note("GET")
	s.mu.Lock()
	there := slices.Contains(s.stored, strings.ToLower(r.PathValue("id")))
	s.mu.Unlock()
	if !there {
		answerJSON(404, `{"code":5,"message":"not found"}`)(w, r)
		return
	}
	answerJSON(200, s.show(r.PathValue("id")))(w, r)
}

func (s *shelf) page(w http.ResponseWriter, r *http.Request) {
	s.note("LIST")
	if s.list != nil {
		s.list(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	size, _ := strconv.Atoi(r.URL.Query().Get("size"))
	from, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	to := min(from+size, len(s.stored))
	var data []string
	for _, id := range s.stored[from:to] {
		data = append(data, s.show(id))
	}
	offset := ""
	if to < len(s.stored) {
		offset = fmt.Sprintf(`,"offset":"%d"`, to)
	}
	answerJSON(200, `{"data":[`+strings.Join(data, ",")+`]`+offset+`}`)(w, r)
}

func (s *shelf) ref(i int) Ref {
	return Ref{Type: entity.Service, Parents: []string{planeID}, Key: shelfID(i)}
}

// readAll reads entities by so many readers at a time, as Terraform does.
func readAll(t *testing.T, c *Client, s *shelf, readers int, which []int) {
	t.Helper()
	work := make(chan int)
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for i := range work {
				if doc, err := c.Read(t.Context(), s.ref(i), Once); err != nil || doc["id"] != shelfID(i) {
					t.Errorf("%d: read %v, %v", i, doc, err)
				}
			}
		})
	}
	for _, i := range which {
		work <- i
	}
	close(work)
	wg.Wait()
}

func numbered(n, step int) (out []int) {
	for i := range n {
		out = append(out, (i*step)%(n*max(step, 1)))
	}
	return out
}

// What reading costs: one entity a GET, a few no more calls than entities, many
// about a call for each thousand that there are.
func TestRead_calls(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stored, readers int
		which           []int
		most            int
	}{
		"one":                          {5, 1, []int{3}, 1},
		"two":                          {5, 1, []int{0, 3}, 2},
		"three":                        {5, 10, []int{0, 3, 4}, 2},
		"a thousand":                   {1000, 10, numbered(1000, 1), 2},
		"ten thousand":                 {10_000, 10, numbered(10_000, 1), 20},
		"ten thousand, one by one":     {10_000, 1, numbered(10_000, 1), 12},
		"two of ten thousand":          {10_000, 1, []int{9_000, 9_999}, 3},
		"five of ten thousand":         {10_000, 1, []int{9_000, 9_999, 8_000, 7_000, 6_000}, 9},
		"one in a hundred of so many":  {10_000, 10, numbered(100, 100), 20},
		"one, and ten thousand others": {10_000, 10, []int{9_999}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, _ := setup(t)
			s := newShelf(mux, tt.stored)
			readAll(t, c, s, tt.readers, tt.which)
			if gets, lists := s.seen(); gets+lists > tt.most {
				t.Errorf("%d GETs and %d lists, want at most %d", gets, lists, tt.most)
			}
		})
	}
}

// Whatever a list answers, nothing is gone or wrong for that.
func TestRead_badLists(t *testing.T) {
	t.Parallel()
	whole := answerJSON(200, `{"data":[{"id":"`+shelfID(0)+`","name":"s"}]}`)
	for name, list := range map[string]http.HandlerFunc{
		"refused":        answerJSON(403, `{"message":"no"}`),
		"none":           answerJSON(404, `{"code":5,"message":"not found"}`),
		"broken off":     answerJSON(200, `{"data":[{"id":"`+shelfID(1)+`","na`),
		"a page":         answer(200, "text/html", "<html>"),
		"no list":        answerJSON(200, `{"id":"x"}`),
		"lacks one":      whole,
		"empty":          answerJSON(200, `{"data":[]}`),
		"without ids":    answerJSON(200, `{"data":[{"name":"s"},{"name":"t"}]}`),
		"ids of numbers": answerJSON(200, `{"data":[{"id":{}},{"id":null}]}`),
		"no entities":    answerJSON(200, `{"data":[1,"x",null]}`),
		"without end":    answerJSON(200, `{"data":[{"id":"x"}],"offset":"a"}`),
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			say(w, `{"data":[{"id":"`)
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, _ := setup(t)
			s := newShelf(mux, 5)
			s.list = list
			readAll(t, c, s, 1, []int{1, 2, 3, 4})
			if _, err := c.Read(t.Context(), s.ref(9), Once); !errors.Is(err, ErrNotFound) {
				t.Errorf("what is not there: %v", err)
			}
		})
	}
}

// When a snapshot is not believed any more.
func TestRead_ends(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c *Client, s *shelf, clock *clock) error{
		"after a write": func(c *Client, s *shelf, _ *clock) error {
			_, err := c.Put(t.Context(), s.ref(4), map[string]any{"port": json.Number("80")})
			return err
		},
		"after some time": func(_ *Client, _ *shelf, clock *clock) error {
			return clock.Sleep(t.Context(), snapshotLife+time.Second)
		},
		"asked again": func(c *Client, s *shelf, _ *clock) error {
			_, err := c.Read(t.Context(), s.ref(2), Once)
			return err
		},
		"at the end of a trip": func(c *Client, _ *shelf, _ *clock) error { c.EndTrip(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, mux, clock := setup(t)
			s := newShelf(mux, 5)
			readAll(t, c, s, 1, []int{1, 2})
			if gets, lists := s.seen(); gets != 1 || lists != 1 {
				t.Fatalf("%d GETs and %d lists", gets, lists)
			}
			if doc, err := c.Read(t.Context(), s.ref(1), Often); err != nil || doc["id"] != shelfID(1) {
				t.Fatal(doc, err)
			}
			if gets, lists := s.seen(); gets+lists != 0 {
				t.Fatalf("a question at plan: %d GETs and %d lists", gets, lists)
			}
			if err := end(c, s, clock); err != nil {
				t.Fatal(err)
			}
			s.mu.Lock()
			s.stored = s.stored[2:]
			s.mu.Unlock()
			if _, err := c.Read(t.Context(), s.ref(1), Once); !errors.Is(err, ErrNotFound) {
				t.Errorf("what was deleted since: %v", err)
			}
		})
	}
}

// Survey uses what reading brought, and reading what a survey brought.
func TestSurvey(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	s := newShelf(mux, 2500)
	readAll(t, c, s, 1, []int{0, 1})
	for range 2 {
		if some, whole, err := c.Survey(t.Context(), s.ref(0), false); err != nil || len(some)%1000 == 0 == whole {
			t.Fatal(len(some), whole, err)
		}
		all, whole, err := c.Survey(t.Context(), s.ref(0), true)
		if err != nil || !whole || len(all) != 2500 || all[2499]["id"] != shelfID(2499) {
			t.Fatal(len(all), whole, err)
		}
	}
	readAll(t, c, s, 10, []int{2, 1200, 2400})
	if gets, lists := s.seen(); gets != 1 || lists != 3 {
		t.Errorf("%d GETs and %d lists", gets, lists)
	}
	s.list = answerJSON(403, `{"message":"no"}`)
	c.EndTrip()
	if _, _, err := c.Survey(t.Context(), s.ref(0), true); !errors.Is(err, ErrForbidden) {
		t.Error(err)
	}
}

// What a list shows of an entity cannot be read, and its own address is asked; who
// wants all of them is told. The same is true of how the list goes on: it does not
// end early.
func TestSurvey_unreadable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ list, want string }{
		"inside an entity": {`{"data":[{"id":"` + shelfID(0) + `"},{"id":"` + shelfID(1) + `","config":{"hidden":1,"hidden":2}}]}`, "an element of the list cannot be read: the answer is not JSON"},
		"in an entity":     {`{"data":[{"id":"` + shelfID(0) + `"},{"id":"` + shelfID(1) + `","hidden":1,"hidden":2}]}`, "the answer is not a list: its data is something else"},
		"in what follows":  {`{"data":[{"id":"` + shelfID(0) + `"}],"meta":{"page":{"hidden":1,"hidden":2}}}`, "the answer is not JSON"},
		"a second next":    {`{"data":[{"id":"` + shelfID(0) + `"}],"next":null,"next":"hidden"}`, "the answer is not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api, mux, _ := setup(t)
			s := newShelf(mux, 2)
			s.list = answerJSON(200, c.list)
			readAll(t, api, s, 1, []int{0, 1})
			docs, whole, err := api.Survey(t.Context(), s.ref(0), true)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hidden") || whole {
				t.Errorf("got %v, %v and %v, want %q", docs, whole, err, c.want)
			}
			if _, err := api.ListPath(t.Context(), entity.Core, base+"services", nil); err == nil || !strings.Contains(err.Error(), "the answer is not") || strings.Contains(err.Error(), "hidden") {
				t.Error(err)
			}
		})
	}
}

// What has no id for others is told apart by its key, to the letter.
func TestSurvey_byKey(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	mux.HandleFunc("GET /v2/control-planes/{plane}/config-stores/{store}/secrets", answerJSON(200, `{"data":[{"key":"token"},{"key":"Token"}]}`))
	ref := Ref{Type: entity.ConfigStoreSecret, Parents: []string{shelfID(1), shelfID(2)}, Key: "Token"}
	if all, whole, err := c.Survey(t.Context(), ref, true); err != nil || !whole || len(all) != 2 {
		t.Error(all, whole, err)
	}
	if doc, err := c.Read(t.Context(), ref, Once); err != nil || doc["key"] != "Token" {
		t.Error(doc, err)
	}
}

// Ids differ in case only.
func TestRead_case(t *testing.T) {
	t.Parallel()
	c, mux, _ := setup(t)
	s := newShelf(mux, 12)
	readAll(t, c, s, 1, []int{1, 2})
	ref := s.ref(11)
	ref.Key = strings.ToUpper(ref.Key)
	if doc, err := c.Read(t.Context(), ref, Once); err != nil || doc["id"] != shelfID(11) {
		t.Error(doc, err)
	}
}
