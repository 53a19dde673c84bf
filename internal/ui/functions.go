package ui

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"html/template"
	"net"
	"strings"
	"time"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/jsonvalue"
)

// functions are those of the templates.
var functions = template.FuncMap{
	"known":       knownAs,
	"day":         day,
	"joined":      joined,
	"spans":       spans,
	"dict":        dict,
	"titled":      titled,
	"address":     address,
	"expiry":      expiry,
	"destination": destination,
	"plugin":      func(plane, doc map[string]any) string { return address(plane, entity.Plugin, doc) },
	"ago":         ago,
	"sameForm":    sameForm,
}

// knownAs is what a person calls an entity, or the beginning of its id. A name of nothing
// but blanks would make a link that nobody can see.
func knownAs(doc map[string]any) string {
	for _, field := range []string{"instance_name", "name", "username", "custom_id", "target", "group"} {
		if name := strings.TrimSpace(jsonvalue.Text(doc[field])); name != "" {
			return shortened(name)
		}
	}
	id := jsonvalue.Text(doc["id"])
	return id[:min(8, len(id))]
}

// longestName is how much of a name is shown where it leads to its entity, which shows
// all of it.
const longestName = 120

func shortened(name string) string {
	count := 0
	for i := range name {
		if count == longestName {
			return name[:i] + "…"
		}
		count++
	}
	return name
}

// day is the day of a time in either form of the API, or "".
func day(v any) string {
	out, _, _ := strings.Cut(utc(v), " ")
	return out
}

// utc is a time in either form of the API as people read it, or "".
func utc(v any) string {
	t, err := time.Parse(time.RFC3339, jsonvalue.Text(v))
	if err != nil {
		var seconds int64
		if _, err := fmt.Sscan(fmt.Sprint(v), &seconds); err != nil {
			return ""
		}
		t = time.Unix(seconds, 0)
	}
	return t.UTC().Format(time.DateTime + " UTC")
}

// destination is where a service sends requests.
func destination(service map[string]any) string {
	host := jsonvalue.Text(service["host"])
	if port := service["port"]; port != nil {
		host = net.JoinHostPort(host, jsonvalue.Shown(port))
	}
	return jsonvalue.Text(service["protocol"]) + "://" + host + shortened(jsonvalue.Text(service["path"]))
}

// joined puts a list into one line.
func joined(v any) string {
	list, ok := v.([]any)
	if !ok {
		return ""
	}
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = fmt.Sprint(e)
	}
	return strings.Join(parts, ", ")
}

// dict gives a template several values by their names.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values do not make pairs", len(pairs))
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		out[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return out, nil
}

// expiry is the day on which a certificate ends, and whether that is over or near; or
// nothing, where it cannot be read.
func expiry(doc map[string]any, now time.Time) string {
	block, _ := pem.Decode([]byte(jsonvalue.Text(doc["cert"])))
	if block == nil {
		return ""
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return ""
	}
	day := "ends on " + c.NotAfter.UTC().Format(time.DateOnly)
	switch left := c.NotAfter.Sub(now); {
	case left < 0:
		return day + ": expired"
	case left < soon:
		return day + ": soon"
	}
	return day
}

// soon is when a certificate is about to end.
const soon = 30 * 24 * time.Hour

// ago says how long a node has been silent.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never heard"
	}
	return "heard " + now.Sub(t).Round(time.Second).String() + " ago"
}

// span is a part of a description: words, or code between backticks.
type span struct {
	Text string
	Code bool
}

func spans(description string) (out []span) {
	for i, part := range strings.Split(description, "`") {
		if part != "" {
			out = append(out, span{part, i%2 == 1})
		}
	}
	return out
}
