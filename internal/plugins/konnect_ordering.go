package plugins

import (
	"fmt"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// unordered are plugins that do nothing in the access phase, the only phase in
// which plugins can be ordered.
var unordered = []string{
	"datadog", "file-log", "http-log", "loggly", "response-transformer", "statsd", "syslog", "tcp-log", "udp-log",
}

// scopedOrdering is the first version in which plugins can be ordered on a
// control plane that also has plugins for consumers or consumer groups.
var scopedOrdering = dataplane.Version{Major: 3, Minor: 14}

// ordering judges which plugins the instance is to run before and after.
func (j *judgement) ordering() {
	sides := map[string]map[string]bool{}
	for _, side := range []string{"before", "after"} {
		names, _ := schema.Dotted("ordering." + side + ".access").Get(j.Written).([]any)
		sides[side] = map[string]bool{}
		for i, v := range names {
			name, ok := v.(string)
			if !ok {
				continue
			}
			j.ordered(schema.Dotted("ordering."+side+".access").Join(schema.At(i)), name, side == "after" && sides["before"][name])
			sides[side][name] = true
		}
	}
	if len(sides["before"])+len(sides["after"]) > 0 {
		j.orderable()
	}
}

// ordered judges one name.
func (j *judgement) ordered(here schema.Path, name string, alreadyBefore bool) {
	switch {
	case name == j.Plugin.Name:
		j.add(finding.Warning, here, "Name another plugin.", "the plugin %q cannot run before or after itself.", name)
	case alreadyBefore:
		j.add(finding.Warning, here, fmt.Sprintf("Leave %q out of one of the two.", name), "the plugin cannot run both before and after %q.", name)
	case !j.known(name):
		hint := "Ordering takes the names of plugins, such as \"rate-limiting\"."
		if near := schema.Nearest(name, j.names()); near != "" {
			hint = fmt.Sprintf("Did you mean %q?", near)
		}
		j.add(finding.Warning, here, hint, "there is no plugin %q.", name)
	case slices.Contains(unordered, name):
		j.add(finding.Warning, here, "Leave it out.", "the plugin %q has no part in the access phase, the only one that can be put in order.", name)
	}
}

// names are those that a mistyped one is compared with.
func (j *judgement) names() []string {
	if j.Others == nil {
		return j.bundledNames()
	}
	return append(j.Others(), j.bundledNames()...)
}

func (j *judgement) known(name string) bool {
	if j.Known == nil {
		return true
	}
	there, certain := j.Known(name)
	return there || !certain
}

// orderable judges whether the instance itself can be put in order.
func (j *judgement) orderable() {
	if slices.Contains(unordered, j.Plugin.Origin()) && !j.Plugin.Custom {
		j.add(finding.Warning, schema.Dotted("ordering"), "Leave ordering out.", "the plugin %q has no part in the access phase, the only one that can be put in order.", j.Plugin.Name)
		return
	}
	for _, scope := range []string{"consumer", "consumer_group"} {
		if v := j.Written[scope]; v != nil && !schema.IsUnknown(v) && !j.Minimum.IsZero() && j.Minimum.Before(scopedOrdering) {
			j.add(finding.Warning, schema.Dotted("ordering"), fmt.Sprintf("That works from version %s on.", scopedOrdering),
				"data planes of version %s cannot put plugins in order where one is limited to a %s.", j.Minimum, words(scope))
		}
	}
}
