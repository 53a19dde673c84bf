// Package routing says which route of a control plane a request matches, and
// which plugins run for it.
//
// [Match] follows the traditional routes of the gateway (its flavor
// traditional_compatible, which is the default), as its documentation states their
// rules: what a route has to match, and which of several comes first. [Plugins] has
// the instances that run, in their order, each with the reason.
//
// It is a forecast, made of documents alone. It does not judge routes with expressions,
// streams, what plugins do to each other, or what only a running gateway knows: a
// condition is named, not decided. The package knows neither the API nor the store,
// and takes documents as the API shows them.
package routing

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/regex"
)

// Request is what a client sends, as far as routes look at it.
type Request struct {
	Scheme  string // http or https, or grpc or grpcs
	Method  string
	Host    string // with a port, if there is one
	Path    string
	Headers map[string][]string // by names in lower case
	SNI     string              // of TLS; "" is the host
}

// Candidate is a route that matches a request by one of its paths, or without any.
type Candidate struct {
	Route map[string]any
	Path  string // that matched; "" of a route without paths
	// Reasons say why it comes where it does, in the order in which they count.
	Reasons []string
	// Upgrade says that the route takes this request under another scheme only: the
	// gateway answers with its https_redirect_status_code.
	Upgrade bool

	rank rank
}

// Result is what routes make of a request.
type Result struct {
	// Candidates match, and the first one takes the request.
	Candidates []Candidate
	// Unjudged are routes of another kind: with an expression, or for streams.
	Unjudged []map[string]any
	// Faults are expressions in paths and headers that could not be tried.
	Faults []string
}

// rank is what decides between routes, the greatest first.
type rank struct {
	points   int  // of methods, hosts, headers and SNIs, how many it has
	plain    bool // no host has a wildcard
	headers  int
	regex    bool
	priority int64 // of a regex
	length   int   // of a prefix
	created  int64
}

// Match finds the routes that a request matches.
func Match(ctx context.Context, routes []map[string]any, r Request) Result {
	m := matcher{ctx: ctx, request: r}
	for _, route := range routes {
		m.judge(route)
	}
	slices.SortStableFunc(m.Candidates, func(a, b Candidate) int { return b.rank.compare(a.rank) })
	return m.Result
}

// matcher is one search.
type matcher struct {
	Result

	ctx     context.Context // one search is one call
	request Request
}

// judge adds a route to the candidates if it matches. Each of its paths counts as a
// route of its own; the best of those that match is it.
func (m *matcher) judge(route map[string]any) {
	if route["expression"] != nil || !m.speaks(route) {
		m.Unjudged = append(m.Unjudged, route)
		return
	}
	if protocols := texts(route["protocols"]); len(protocols) > 0 && !slices.Contains(protocols, m.request.Scheme) && !m.upgrades(protocols) {
		return
	}
	if !m.hasMethod(route) || !m.hasHost(route) || !m.hasHeaders(route) || !m.hasSNI(route) {
		return
	}
	paths := texts(route["paths"])
	if len(paths) == 0 {
		m.add(route, "")
		return
	}
	var best *Candidate
	for _, path := range paths {
		if !m.hasPath(route, path) {
			continue
		}
		if c := m.candidate(route, path); best == nil || c.rank.compare(best.rank) > 0 {
			best = &c
		}
	}
	if best != nil {
		m.Candidates = append(m.Candidates, *best)
	}
}

// schemes are the protocols that this package judges, each with the one that it is
// with TLS.
var schemes = map[string]string{"http": "https", "grpc": "grpcs"}

// speaks reports whether a route is for requests at all, and not for streams.
func (m *matcher) speaks(route map[string]any) bool {
	protocols := texts(route["protocols"])
	return len(protocols) == 0 || slices.ContainsFunc(protocols, func(p string) bool { return slices.Contains([]string{"http", "https", "grpc", "grpcs"}, p) })
}

// upgrades reports whether a route takes a request with TLS only, which has none.
func (m *matcher) upgrades(protocols []string) bool {
	secure, insecure := schemes[m.request.Scheme]
	return insecure && !slices.Contains(protocols, m.request.Scheme) && slices.Contains(protocols, secure)
}

func (m *matcher) hasMethod(route map[string]any) bool {
	methods := texts(route["methods"])
	return len(methods) == 0 || slices.Contains(methods, m.request.Method)
}

// hasHost compares hosts. One with a port is for that port alone; a wildcard stands for
// the beginning or the end.
func (m *matcher) hasHost(route map[string]any) bool {
	hosts := texts(route["hosts"])
	host, port := split(m.request.Host)
	return len(hosts) == 0 || slices.ContainsFunc(hosts, func(pattern string) bool {
		wanted, onPort := split(pattern)
		return (onPort == "" || onPort == port) && fits(strings.ToLower(wanted), host)
	})
}

// fits compares a name with a pattern that may have a wildcard at one end.
func fits(pattern, name string) bool {
	switch {
	case strings.HasPrefix(pattern, "*"):
		return len(name) >= len(pattern) && strings.HasSuffix(name, pattern[1:])
	case strings.HasSuffix(pattern, "*"):
		return len(name) >= len(pattern) && strings.HasPrefix(name, pattern[:len(pattern)-1])
	}
	return pattern == name
}

// split takes the port off a host, in lower case.
func split(host string) (name, port string) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if name, port, err := net.SplitHostPort(host); err == nil {
		return name, port
	}
	return host, ""
}

// hasHeaders reports whether a request has one of the values of each header of a
// route. A single value that begins with ~* is an expression.
func (m *matcher) hasHeaders(route map[string]any) bool {
	headers, _ := route["headers"].(map[string]any)
	for name, values := range headers {
		sent := m.request.Headers[strings.ToLower(name)]
		if !slices.ContainsFunc(sent, func(value string) bool { return m.isOneOf(route, texts(values), value) }) {
			return false
		}
	}
	return true
}

func (m *matcher) isOneOf(route map[string]any, wanted []string, value string) bool {
	if len(wanted) == 1 && strings.HasPrefix(wanted[0], "~*") {
		return m.finds(route, wanted[0][2:], regex.Caseless, value)
	}
	return slices.ContainsFunc(wanted, func(w string) bool { return strings.EqualFold(w, value) })
}

func (m *matcher) hasSNI(route map[string]any) bool {
	snis := texts(route["snis"])
	if len(snis) == 0 || m.request.Scheme == "http" || m.request.Scheme == "grpc" {
		return true // without TLS there is none to compare
	}
	name, _ := split(m.request.SNI)
	if name == "" {
		name, _ = split(m.request.Host)
	}
	return slices.ContainsFunc(snis, func(sni string) bool { return fits(strings.ToLower(strings.TrimSuffix(sni, ".")), name) })
}

// hasPath compares a path: as an expression if it begins with ~, or as a prefix.
func (m *matcher) hasPath(route map[string]any, path string) bool {
	if pattern, ok := strings.CutPrefix(path, "~"); ok {
		return m.finds(route, pattern, regex.Anchored, m.request.Path)
	}
	return strings.HasPrefix(m.request.Path, path)
}

func (m *matcher) finds(route map[string]any, pattern string, flags regex.Flags, value string) bool {
	found, err := regex.Find(m.ctx, pattern, flags, value, 0)
	if err != nil {
		m.Faults = append(m.Faults, fmt.Sprintf("route %v: %s: %s", route["id"], pattern, err))
	}
	return found != nil
}

func (m *matcher) add(route map[string]any, path string) {
	m.Candidates = append(m.Candidates, m.candidate(route, path))
}

// candidate ranks a route that matches.
func (m *matcher) candidate(route map[string]any, path string) Candidate {
	headers, _ := route["headers"].(map[string]any)
	hosts := texts(route["hosts"])
	r := rank{headers: len(headers), length: len(path), created: whole(route["created_at"]), regex: strings.HasPrefix(path, "~")}
	for _, field := range []string{"methods", "hosts", "snis"} {
		if len(texts(route[field])) > 0 {
			r.points++
		}
	}
	if len(headers) > 0 {
		r.points++
	}
	r.plain = !slices.ContainsFunc(hosts, func(h string) bool { return strings.Contains(h, "*") })
	if r.regex {
		r.priority, r.length = whole(route["regex_priority"]), 0
	}
	return Candidate{Route: route, Path: path, Reasons: r.reasons(len(hosts) > 0), rank: r, Upgrade: m.upgrades(texts(route["protocols"]))}
}

// reasons say in words what a rank holds.
func (r rank) reasons(hosts bool) []string {
	out := []string{fmt.Sprintf("%d of methods, hosts, headers and SNIs", r.points)}
	if hosts && !r.plain {
		out = append(out, "a host with a wildcard")
	}
	if r.headers > 0 {
		out = append(out, fmt.Sprintf("%d headers", r.headers))
	}
	switch {
	case r.regex:
		out = append(out, fmt.Sprintf("an expression, with regex_priority %d", r.priority))
	case r.length > 0:
		out = append(out, fmt.Sprintf("a prefix of length %d", r.length))
	default:
		out = append(out, "no path")
	}
	return out
}

// compare is positive where a route comes before another one.
func (r rank) compare(s rank) int {
	for _, by := range [][2]int64{
		{int64(r.points), int64(s.points)}, {truth(r.plain), truth(s.plain)}, {int64(r.headers), int64(s.headers)}, {truth(r.regex), truth(s.regex)},
		{r.priority, s.priority}, {int64(r.length), int64(s.length)}, {s.created, r.created},
	} {
		switch {
		case by[0] > by[1]:
			return 1
		case by[0] < by[1]:
			return -1
		}
	}
	return 0
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
