package plugins

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// limits judges the fields for which Konnect accepts fewer values than the
// schema.
func (j *judgement) limits() {
	for _, name := range slices.Sorted(maps.Keys(j.Limits)) {
		j.limit("config."+name, j.Limits[name])
	}
}

func (j *judgement) limit(name string, l Limit) {
	written := schema.Dotted(name).Get(j.Written)
	if schema.IsUnknown(written) {
		return
	}
	value, ok := written.(string)
	if !ok {
		value, ok = schema.Dotted(name).Get(j.Completed).(string)
	}
	if !ok {
		return
	}
	choice := chosen{schema.Dotted(name), value, written == nil, choices(j.Plugin.Schema.FieldAt(schema.Dotted(name)))}
	switch {
	case slices.Contains(l.Forbidden, value), len(l.Allowed) > 0 && !slices.Contains(l.Allowed, value):
		j.forbidden(choice, l)
	case j.Deployment == Serverless && len(l.ServerlessAllowed) > 0 && !slices.Contains(l.ServerlessAllowed, value):
		j.add(finding.Error, choice.path, fmt.Sprintf("Allowed there: %s.", quoted(l.ServerlessAllowed, "or")),
			"%s is not supported in Konnect on serverless control planes.", choice)
	case l.MustBe != "" && !isAddress(value):
		j.mustBe(choice, l)
	case !choice.left && slices.Contains(l.Suspect, value):
		j.add(finding.Warning, choice.path, "", "%s may not work in Konnect, whose data planes have no database; the documentation does not say.", choice)
	case choice.left && value == "local" && j.Deployment != Serverless && slices.Contains(choice.choices, "redis"):
		j.add(finding.Warning, choice.path, fmt.Sprintf("To share counters set it to %q and %s to a Redis of yours. Write %q to have it so on purpose; "+
			"serverless control planes know nothing else.", "redis", j.hostName(choice.path), "local"),
			"left out, it is %q: each data plane node counts for itself alone, so that several nodes together let through as many times the limit.", "local")
	}
}

// chosen is the value of a field, written or by default.
type chosen struct {
	path    schema.Path
	value   string
	left    bool // to the default
	choices []string
}

func (c chosen) String() string {
	if c.left {
		return fmt.Sprintf("left out, it is %q, which is the default of the schema and", c.value)
	}
	return fmt.Sprintf("%q", c.value)
}

// forbidden is a value that needs a database. Data planes in Konnect have none.
func (j *judgement) forbidden(c chosen, l Limit) {
	allowed := l.Allowed
	if len(allowed) == 0 {
		allowed = without(c.choices, l.Forbidden)
	}
	hint := fmt.Sprintf("Allowed: %s.", quoted(allowed, "or"))
	if slices.Contains(allowed, "redis") {
		hint += fmt.Sprintf(" With %q the data planes share a Redis of yours, at %s", "redis", j.hostName(c.path))
		if slices.Contains(allowed, "local") {
			hint += fmt.Sprintf("; with %q each data plane node counts for itself alone", "local")
		}
		hint += "."
	}
	j.add(finding.Error, c.path, hint, "%s is not supported in Konnect, whose data planes have no database to share.", c)
}

func (j *judgement) mustBe(c chosen, l Limit) {
	severity := finding.Error
	if c.left {
		severity = finding.Warning // it is the schema's own default, and the instance may not need it
	}
	j.add(severity, c.path, fmt.Sprintf("Wanted is the %s, such as https://idp.example/keys.", l.MustBe),
		"%s cannot be used in Konnect, which keeps no key sets of its own.", c)
}

func isAddress(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") || schema.IsReference(text)
}

// redisAt returns the path of the record with the Redis settings that a choice
// needs, or "".
func (j *judgement) redisAt(path schema.Path) string {
	for kind, places := range j.Partials {
		if !strings.HasPrefix(kind, "redis") {
			continue
		}
		for _, place := range places {
			if strings.HasPrefix(place, path[:len(path)-1].String()+".") && j.Plugin.Schema.FieldAt(schema.Dotted(place)) != nil {
				return place
			}
		}
	}
	return ""
}

// hostName is the path of the host of that Redis.
func (j *judgement) hostName(path schema.Path) string {
	if place := j.redisAt(path); place != "" {
		return place + ".host"
	}
	return "its host"
}

// redisHosts are the fields that may name the servers of a Redis.
var redisHosts = []string{"host", "cluster_nodes", "sentinel_nodes"}

// redis judges whether there is a server for data that data planes share. The
// default host of some schemas is the local machine, and that is each data
// plane node itself: counters there are not shared, though a cache may well be
// there.
func (j *judgement) redis() {
	for _, name := range slices.Sorted(maps.Keys(j.Limits)) {
		limit := j.Limits[name]
		name = "config." + name
		place := j.redisAt(schema.Dotted(name))
		if place == "" || schema.Dotted(name).Get(j.Written) != "redis" || j.partialFor(place) || j.hasServer(place) {
			continue
		}
		severity := finding.Warning
		if slices.Contains(limit.Forbidden, "cluster") {
			severity = finding.Error
		}
		j.add(severity, schema.Dotted(place+".host"), "Wanted is the host name or address of a Redis of yours that all data planes reach; "+
			"or the nodes of a cluster or of sentinels; or a partial that holds them.",
			"%s is %q, and nothing says on which host.", name, "redis")
	}
}

// hasServer reports whether the configuration names a server, or may name one.
func (j *judgement) hasServer(place string) bool {
	if schema.IsUnknown(schema.Dotted(place).Get(j.Written)) || schema.IsUnknown(schema.Dotted("config").Get(j.Written)) || j.Completed == nil {
		return true
	}
	for _, name := range redisHosts {
		v := schema.Dotted(place + "." + name).Get(j.Completed)
		f := j.Plugin.Schema.FieldAt(schema.Dotted(place + "." + name))
		isDefault := f == nil || f.HasDefault && schema.Equal(v, f.Default)
		if schema.Dotted(place+"."+name).Get(j.Written) != nil || v != nil && !isDefault {
			return true
		}
	}
	return false
}
