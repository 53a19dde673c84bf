package plugins

import (
	"slices"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// PartialPlaces returns the parts of the configuration that a partial of a kind
// may supply, such as "config.redis". In "config.targets[]" it adds an element
// to a list.
func (p *Plugin) PartialPlaces(kind string) []string {
	if p.Info == nil {
		return nil
	}
	return p.Info.Partials[kind]
}

// PartialPlace returns the place that a partial takes, and whether it fits
// there. The place is the one that its path names, where an index stands for
// any element. Without a path it is the only place.
func PartialPlace(path any, places []string) (place string, fits bool) {
	if text, given := path.(string); given {
		p, err := schema.ParsePath(text)
		return text, err == nil && slices.Contains(places, p.AnyElement().String())
	}
	if len(places) != 1 {
		return "", false
	}
	return places[0], true
}
