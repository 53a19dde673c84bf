package nodes

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
)

// Sight is what one look at a control plane showed.
type Sight struct {
	Expected  string // hash of the configuration that nodes should run
	Connected []Node
	Silent    []Node // known, and not connected now

	minimum int
	waited  time.Duration
	at      time.Time // by the control plane's clock
}

func (w Watch) sight(expected string, all []Node) Sight {
	s := Sight{Expected: expected, minimum: w.Minimum, waited: w.Timeout, at: w.API.Time()}
	for _, n := range all {
		if n.LastPing.IsZero() || s.at.Sub(n.LastPing) <= silence {
			s.Connected = append(s.Connected, n)
		} else {
			s.Silent = append(s.Silent, n)
		}
	}
	return s
}

// Reached reports whether there is nothing more to wait for.
func (s Sight) Reached() bool { return len(s.Connected) >= s.minimum && len(s.behind()) == 0 }

// behind are the connected nodes that run something else than what is expected.
func (s Sight) behind() (out []Node) {
	for _, n := range s.Connected {
		if n.Hash != s.Expected {
			out = append(out, n)
		}
	}
	return out
}

// Waiting says what is waited for.
func (s Sight) Waiting() string {
	var parts []string
	if missing := s.minimum - len(s.Connected); missing > 0 {
		parts = append(parts, fmt.Sprintf("Connected data planes: %d; waiting for %d more.", len(s.Connected), missing))
	}
	if behind := s.behind(); len(behind) > 0 {
		parts = append(parts, fmt.Sprintf("Up to date: %d of %d connected data planes; waiting for %s.", len(s.Connected)-len(behind), len(s.Connected), named(behind)))
	}
	return strings.Join(parts, " ")
}

// Outcome says what was reached.
func (s Sight) Outcome() string {
	text := "No data plane is connected: there is nothing to wait for."
	if n := len(s.Connected); n == 1 {
		text = fmt.Sprintf("The connected data plane, %s, runs the expected configuration.", named(s.Connected))
	} else if n > 1 {
		text = fmt.Sprintf("All %d connected data planes run the expected configuration.", n)
	}
	return text + s.silent()
}

func (s Sight) silent() string {
	if len(s.Silent) == 0 {
		return ""
	}
	return fmt.Sprintf(" Not counted, since silent for more than %s: %s.", brief(silence), named(s.Silent))
}

// Shortfall says what was not reached, and of each node that is behind why, as
// far as the control plane knows.
func (s Sight) Shortfall() string {
	var parts []string
	if s.waited > 0 {
		parts = append(parts, fmt.Sprintf("Waited for %s.", brief(s.waited)))
	}
	if len(s.Connected) < s.minimum {
		parts = append(parts, fmt.Sprintf("Connected data planes: %d, of at least %d that are wanted.", len(s.Connected), s.minimum))
	}
	behind := s.behind()
	if len(behind) > 0 {
		parts = append(parts, fmt.Sprintf("Not up to date: %d of %d connected data planes. The control plane expects %s.", len(behind), len(s.Connected), s.Expected))
	}
	for _, n := range behind[:min(len(behind), mostNodes)] {
		parts = append(parts, "- "+s.describe(n))
	}
	if more := len(behind) - mostNodes; more > 0 {
		parts = append(parts, fmt.Sprintf("- and %d more.", more))
	}
	if text := strings.TrimSpace(s.silent()); text != "" {
		parts = append(parts, text)
	}
	if mayRefuse(behind) {
		parts = append(parts, "Data planes of version "+dataplane.VerifiedSince.String()+" and later keep what they have where a part of the new configuration "+
			"has the verification of certificates switched off; their logs say so.")
	}
	return strings.Join(parts, "\n")
}

const (
	mostNodes  = 10 // that a message describes
	mostIssues = 5  // of one of them
	mostNamed  = 5  // in a list
)

func (s Sight) describe(n Node) string {
	var b strings.Builder
	b.WriteString(n.name())
	if n.Version != "" {
		fmt.Fprintf(&b, " (version %s)", n.Version)
	}
	if n.Hash == "" {
		b.WriteString(" has no configuration yet")
	} else {
		fmt.Fprintf(&b, " runs %s", n.Hash)
	}
	if !n.LastPing.IsZero() {
		fmt.Fprintf(&b, "; last heard %s ago", brief(max(s.at.Sub(n.LastPing), 0)))
	}
	if n.State != "" {
		fmt.Fprintf(&b, "; %s", n.State)
	}
	b.WriteByte('.')
	for _, i := range n.Issues[:min(len(n.Issues), mostIssues)] {
		b.WriteString("\n  - " + i.String())
	}
	if more := len(n.Issues) - mostIssues; more > 0 {
		fmt.Fprintf(&b, "\n  - and %d more.", more)
	}
	return b.String()
}

// String is the issue in a line; "" if nothing is said about it.
func (i Issue) String() string {
	var affected []string
	for _, a := range i.Affected {
		affected = append(affected, strings.TrimSpace(a.Type+" "+a.ID))
	}
	return joined(": ", joined(", ", i.Code, i.Severity),
		joined(" ", ended(i.Description), ended(i.Resolution), around("It is about ", few(affected)), around("See ", i.Documentation)))
}

// joined joins what is not empty.
func joined(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), by)
}

// around makes a sentence of a text, if there is one.
func around(before, text string) string {
	if text == "" {
		return ""
	}
	return before + ended(text)
}

func ended(text string) string {
	if text = strings.TrimSpace(text); text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// mayRefuse reports whether there is a node without an issue that would explain
// it, and of a version that refuses what is not verified.
func mayRefuse(behind []Node) bool {
	for _, n := range behind {
		if v := dataplane.ParsePatch(n.Version); len(n.Issues) == 0 && !v.IsZero() && !v.Before(dataplane.VerifiedSince) {
			return true
		}
	}
	return false
}

// Reduced says which connected nodes run what is expected, but cannot use all of
// it; or "".
func (s Sight) Reduced() string {
	var lines []string
	for _, n := range s.Connected {
		if n.Hash == s.Expected && len(n.Issues) > 0 {
			lines = append(lines, "- "+s.describe(n))
		}
	}
	return strings.Join(lines[:min(len(lines), mostNodes)], "\n")
}

func (n Node) name() string { return cmp.Or(n.Hostname, n.ID, "a node without a name") }

func named(list []Node) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n.name()
	}
	return few(names)
}

// few joins names, as many as one can read.
func few(names []string) string {
	text := strings.Join(names[:min(len(names), mostNamed)], ", ")
	if more := len(names) - mostNamed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// brief is a duration to the second, without parts that are zero: 5m.
func brief(d time.Duration) string {
	text := d.Round(time.Second).String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-len(zero)+1]
		}
	}
	return text
}
