package routing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// Target is what a request leads to, and who sends it, by ids; "" where there is none.
type Target struct {
	Route, Service, Consumer string
	Groups                   []string // of the consumer
	Scheme                   string
}

// Run is an instance of a plugin that runs.
type Run struct {
	Plugin   map[string]any
	Scope    string // what it is for: "route and service"
	Priority int
	Known    bool // the priority is
	// Moved says why it does not stand where its priority would have it, or "".
	Moved string
	// Condition decides on each request, or is "".
	Condition string
	// Beaten are instances of the same plugin that do not run, since this one is more
	// specific.
	Beaten []map[string]any
}

// specificity are the scopes of an instance, the most specific first: an instance that
// comes before another one of the same plugin takes its place. The order is that of
// the gateway's documentation.
var specificity = [][]string{
	{"consumer", "route", "service"},
	{"consumer_group", "route", "service"},
	{"consumer", "route"},
	{"consumer", "service"},
	{"consumer_group", "route"},
	{"consumer_group", "service"},
	{"route", "service"},
	{"consumer"},
	{"consumer_group"},
	{"route"},
	{"service"},
	{},
}

// Plugins returns the instances that run for a target, in the order in which they do. The
// function knows the priorities of plugins.
func Plugins(instances []map[string]any, t Target, priority func(name string) (int, bool)) []Run {
	best := map[string]*Run{}
	ranks := map[string]int{}
	for _, p := range instances {
		level := t.level(p)
		if level < 0 || p["enabled"] == false || !t.speaks(p) {
			continue
		}
		name := jsonvalue.Text(p["name"])
		held := best[name]
		switch {
		case held == nil:
			run := &Run{Plugin: p}
			run.Priority, run.Known = priority(name)
			best[name], ranks[name] = run, level
		case level < ranks[name]:
			held.Beaten = append(held.Beaten, held.Plugin)
			held.Plugin, ranks[name] = p, level
		default:
			held.Beaten = append(held.Beaten, p)
		}
	}
	out := make([]Run, 0, len(best))
	for name, run := range best {
		run.Scope, run.Condition = scopeText(specificity[ranks[name]]), jsonvalue.Text(run.Plugin["condition"])
		out = append(out, *run)
	}
	slices.SortFunc(out, func(a, b Run) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), strings.Compare(jsonvalue.Text(a.Plugin["name"]), jsonvalue.Text(b.Plugin["name"])))
	})
	return ordered(out)
}

// level is how specific an instance is for a target, the less the more; -1 if it is for
// something else.
func (t Target) level(p map[string]any) int {
	var scopes []string
	for _, s := range []struct {
		field string
		ids   []string
	}{
		{"consumer", []string{t.Consumer}}, {"consumer_group", t.Groups}, {"route", []string{t.Route}}, {"service", []string{t.Service}},
	} {
		id := refID(p[s.field])
		if id == "" {
			continue
		}
		if !slices.Contains(s.ids, id) {
			return -1
		}
		scopes = append(scopes, s.field)
	}
	return slices.IndexFunc(specificity, func(of []string) bool { return slices.Equal(of, scopes) })
}

// speaks reports whether an instance is for the protocol of a request.
func (t Target) speaks(p map[string]any) bool {
	protocols := texts(p["protocols"])
	return len(protocols) == 0 || t.Scheme == "" || slices.Contains(protocols, t.Scheme)
}

func scopeText(scopes []string) string {
	if len(scopes) == 0 {
		return "everything"
	}
	return strings.ReplaceAll(strings.Join(scopes, " and "), "_", " ")
}

// ordered moves instances that say before or after which plugins they run in the
// access phase. Where wishes contradict each other, the last one counts.
func ordered(runs []Run) []Run {
	for _, one := range slices.Clone(runs) {
		name := jsonvalue.Text(one.Plugin["name"])
		before, after := wishes(one.Plugin, "before"), wishes(one.Plugin, "after")
		at := place(runs, name)
		if first := slices.IndexFunc(runs, func(r Run) bool { return slices.Contains(before, jsonvalue.Text(r.Plugin["name"])) }); first >= 0 && first < at {
			runs = moved(runs, at, first, fmt.Sprintf("before %s", jsonvalue.Text(runs[first].Plugin["name"])))
			at = first
		}
		last := -1
		for i, r := range runs {
			if slices.Contains(after, jsonvalue.Text(r.Plugin["name"])) {
				last = i
			}
		}
		if last > at {
			runs = moved(runs, at, last, fmt.Sprintf("after %s", jsonvalue.Text(runs[last].Plugin["name"])))
		}
	}
	return runs
}

func place(runs []Run, name string) int {
	return slices.IndexFunc(runs, func(r Run) bool { return jsonvalue.Text(r.Plugin["name"]) == name })
}

// moved takes one run to another place.
func moved(runs []Run, from, to int, why string) []Run {
	one := runs[from]
	one.Moved = why
	runs = slices.Delete(slices.Clone(runs), from, from+1)
	return slices.Insert(runs, to, one)
}

// wishes are the plugins before or after which an instance is to run.
func wishes(p map[string]any, side string) []string {
	ordering, _ := p["ordering"].(map[string]any)
	phases, _ := ordering[side].(map[string]any)
	return texts(phases["access"])
}
