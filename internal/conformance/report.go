package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// Difference is a vector that we answer differently.
type Difference struct {
	Vector *Vector
	What   string // verdict, stage, name, processed entity, error tree
	Want   any
	Got    any
}

// Report is the outcome of a run.
type Report struct {
	Agree       map[Kind]int
	Differ      map[Kind]int
	Skipped     map[string]string // reason by vector
	Unknown     []string          // functions of the folder's schemas that nobody knows
	Faults      []string          // schemas of the folder that do not compile
	Differences []Difference      // in the order of the files
}

// Passed and Failed count over all kinds.
func (r *Report) Passed() int { return total(r.Agree) }

// Failed counts the vectors that differ.
func (r *Report) Failed() int { return total(r.Differ) }

func total(counts map[Kind]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// Run judges every vector of a folder, on all cores. An unreadable file and a
// folder without vectors are errors.
func Run(ctx context.Context, dir fs.FS) (*Report, error) {
	s, err := read(dir)
	if err != nil {
		return nil, err
	}
	if len(s.vectors) == 0 {
		return nil, fmt.Errorf("no vector was found: the folder has no .jsonl file with one")
	}
	j := newJudge(s.schemas)
	r := report(s.vectors, j.answers(ctx, s.vectors))
	r.Unknown, r.Faults = j.unknown, j.faults
	return r, nil
}

// answers asks in parallel and keeps the order.
func (j *judge) answers(ctx context.Context, vectors []*Vector) []answer {
	answers := make([]answer, len(vectors))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				answers[i] = j.answer(ctx, vectors[i])
			}
		})
	}
	for i := range vectors {
		next <- i
	}
	close(next)
	workers.Wait()
	return answers
}

func report(vectors []*Vector, answers []answer) *Report {
	r := &Report{Agree: map[Kind]int{}, Differ: map[Kind]int{}, Skipped: map[string]string{}}
	for i, v := range vectors {
		what := compare(v, answers[i])
		reason := reasonToSkip(v)
		switch {
		case what == "":
			r.Agree[v.Kind]++
		case reason != "":
			r.Skipped[v.ID] = reason
		default:
			r.Differ[v.Kind]++
			r.Differences = append(r.Differences, difference(v, answers[i], what))
		}
	}
	return r
}

func difference(v *Vector, a answer, what string) Difference {
	d := Difference{Vector: v, What: what, Want: v.recorded(), Got: a.shown()}
	if what == "processed entity" {
		d.Want, d.Got = v.Processed, a.Processed
	}
	return d
}

func (v *Vector) recorded() any {
	switch {
	case v.Kind == ExampleKind || v.OK:
		return "accepted"
	case v.Kind == InvalidKind:
		return "refused"
	case v.Raised != nil:
		return map[string]any{"stage": v.Stage, "raised": v.Raised}
	case v.Timeout:
		return map[string]any{"stage": v.Stage, "timeout": true}
	case len(v.ErrAny) > 0:
		return map[string]any{"stage": v.Stage, "err_any": v.ErrAny}
	}
	return map[string]any{"stage": v.Stage, "err": v.Err}
}

func (a answer) shown() any {
	switch {
	case a.OK:
		return "accepted"
	case a.Tree != nil:
		return map[string]any{"stage": a.Stage, "err": a.Tree}
	}
	return map[string]any{"stage": a.Stage, "err": a.Text}
}

// Write prints the counts, the first differences and, last and alone on its
// line, the sum.
func (r *Report) Write(w io.Writer, first int) error {
	var b strings.Builder
	for i, d := range r.Differences {
		if i == first {
			fmt.Fprintf(&b, "… and %d more\n\n", len(r.Differences)-first)
			break
		}
		d.write(&b)
	}
	for _, kind := range kinds {
		if r.Agree[kind]+r.Differ[kind] > 0 {
			fmt.Fprintf(&b, "%-16s %5d agree %5d differ\n", kind, r.Agree[kind], r.Differ[kind])
		}
	}
	for _, fault := range r.Faults {
		fmt.Fprintf(&b, "unusable: %s\n", fault)
	}
	for _, name := range r.Unknown {
		fmt.Fprintf(&b, "left out, for nobody knows its rule: %s\n", name)
	}
	if len(r.Skipped) > 0 {
		fmt.Fprintf(&b, "skipped, %d\n", len(r.Skipped))
		for _, id := range sortedIDs(r.Skipped) {
			fmt.Fprintf(&b, "  %s: %s\n", id, r.Skipped[id])
		}
	}
	fmt.Fprintf(&b, "%d passed, %d failed\n", r.Passed(), r.Failed())
	_, err := io.WriteString(w, b.String())
	return err
}

func sortedIDs(m map[string]string) []string {
	ids := make([]string, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (d Difference) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s %s %s: the %s differs\n", d.Vector.Kind, d.Vector.ID, d.Vector.Case, d.What)
	fmt.Fprintf(b, "  want %s\n  got  %s\n\n", compact(d.Want), compact(d.Got))
}

// compact renders a value on one line of bearable length.
func compact(v any) string {
	const most = 600
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	text := strings.TrimSuffix(b.String(), "\n")
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
