package plugins

import (
	"fmt"
	"maps"
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/finding"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// linked are the instance's partials, in the order of the document.
func (j *judgement) linked() []any {
	list, _ := j.Written["partials"].([]any)
	return list
}

// places are the parts of the configuration that a partial of this kind may
// supply, or a partial of any kind if this one's is not known.
func (j *judgement) places(kind string) []string {
	if j.Plugin.Info == nil {
		return nil
	}
	if kind != "" {
		return j.Plugin.PartialPlaces(kind)
	}
	var all []string
	for _, k := range slices.Sorted(maps.Keys(j.Plugin.Info.Partials)) {
		for _, place := range j.Plugin.Info.Partials[k] {
			if !slices.Contains(all, place) {
				all = append(all, place)
			}
		}
	}
	return all
}

// place returns the part of the configuration that a partial supplies, or "" if
// that is not known.
func (j *judgement) place(partial map[string]any) string {
	switch path := partial["path"].(type) {
	case string:
		return path
	case nil:
		place, _ := PartialPlace(nil, j.places(j.kindOf(partial)))
		return place
	}
	return ""
}

func (j *judgement) kindOf(partial map[string]any) string {
	id, ok := partial["id"].(string)
	if !ok || j.PartialKind == nil {
		return ""
	}
	return j.PartialKind(id)
}

// Supplied returns the parts of the configuration that partials supply, such as
// "config.redis", and those that they may supply, where something is not known
// yet. A partial may also add an element to a list: "config.targets[]".
func (c Case) Supplied() (certain, possible []string) {
	if c.Plugin == nil || c.Plugin.Info == nil {
		return nil, nil
	}
	j := judgement{Case: c}
	if schema.IsUnknown(j.Written["partials"]) {
		return nil, j.places("")
	}
	for _, v := range j.linked() {
		partial, known := v.(map[string]any)
		if place := j.place(partial); known && place != "" {
			certain = append(certain, place)
		} else {
			possible = append(possible, j.places(j.kindOf(partial))...)
		}
	}
	return certain, possible
}

// partialFor reports whether a partial supplies, or may supply, a part of the
// configuration.
func (j *judgement) partialFor(place string) bool {
	if schema.IsUnknown(j.Written["partials"]) {
		return true
	}
	for _, v := range j.linked() {
		partial, ok := v.(map[string]any)
		if !ok {
			return true
		}
		if p := j.place(partial); p == "" || p == place {
			return true
		}
	}
	return false
}

// partials judges the parts of the configuration that come from elsewhere.
func (j *judgement) partials() {
	taken := map[string]bool{}
	for i, v := range j.linked() {
		here := schema.Dotted("partials").Join(schema.At(i))
		if j.Plugin.Custom {
			j.add(finding.Error, here, "Write the whole configuration in config.", "Konnect fills in partials for bundled plugins only, and %q is a custom one.", j.Plugin.Name)
			continue
		}
		partial, ok := v.(map[string]any)
		if !ok || j.Plugin.Info == nil || j.unfit(here, partial) {
			continue
		}
		place := j.place(partial)
		if place == "" {
			continue
		}
		if taken[place] {
			j.add(finding.Error, here, "", "two partials supply %s.", place)
		}
		taken[place] = true
		j.writtenToo(place)
	}
}

// unfit judges whether the plugin accepts such a partial.
func (j *judgement) unfit(here schema.Path, partial map[string]any) bool {
	kinds := slices.Sorted(maps.Keys(j.Plugin.Info.Partials))
	kind := j.kindOf(partial)
	switch {
	case len(kinds) == 0:
		j.add(finding.Error, here, "Write the whole configuration in config.", "the plugin %q takes no partials.", j.Plugin.Name)
		return true
	case kind != "" && !slices.Contains(kinds, kind):
		j.add(finding.Error, here, fmt.Sprintf("It takes partials of type %s.", quoted(kinds, "and")), "the plugin %q takes no partials of type %q.", j.Plugin.Name, kind)
		return true
	}
	path, given := partial["path"].(string)
	places := j.places(kind)
	_, fits := PartialPlace(partial["path"], places)
	switch {
	case given && !fits:
		j.add(finding.Error, here.Join(schema.Key("path")), fmt.Sprintf("Wanted is %s.", quoted(places, "or")), "a partial cannot supply %q of the plugin %q.", path, j.Plugin.Name)
		return true
	case !given && !schema.IsUnknown(partial["path"]) && kind != "" && len(places) > 1:
		j.add(finding.Error, here, fmt.Sprintf("Set path to %s.", quoted(places, "or")), "the partial fits several parts of the configuration, and path does not say which.")
		return true
	}
	return false
}

// writtenToo warns where a part that comes from a partial is written in config
// as well. A control plane takes that, and uses the partial.
func (j *judgement) writtenToo(place string) {
	part, _ := schema.Dotted(place).Get(j.Written).(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(part)) {
		if part[name] == nil || schema.IsUnknown(part[name]) {
			continue
		}
		j.add(finding.Warning, schema.Dotted(place).Join(schema.Key(name)), "Leave it out here, or the partial.", "a partial supplies %s and wins, so that what is written here has no effect.", place)
		return
	}
}
