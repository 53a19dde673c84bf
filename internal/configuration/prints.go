package configuration

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/tfvalue"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// Objects that would like the same name are put in an order that does not depend
// on their ids: by what they hold, then by what they refer to, and by what refers
// to them. What is the same in all of that may change places: the outcome is the
// same.

// rounds is how far away things may be that tell two objects apart.
const rounds = 3

// edge is a mention of one object by another.
type edge struct {
	at string
	of *object
}

// print returns a text that is the same for an object whatever the ids are.
func (e *exporter) print(o *object) string {
	if e.prints == nil {
		e.prints = e.allPrints()
	}
	return e.prints[o]
}

func (e *exporter) allPrints() map[*object]string {
	prints, mentions, mentioned := map[*object]string{}, map[*object][]edge{}, map[*object][]edge{}
	for _, o := range e.objects {
		prints[o], mentions[o] = e.content(o)
		for _, m := range mentions[o] {
			mentioned[m.of] = append(mentioned[m.of], edge{m.at, o})
		}
	}
	for range rounds {
		next := make(map[*object]string, len(prints))
		for o, own := range prints {
			next[o] = own + checksum(around(prints, mentions[o])+"\n"+around(prints, mentioned[o]))
		}
		prints = next
	}
	return prints
}

// around is what an object has on the other ends of its edges.
func around(prints map[*object]string, edges []edge) string {
	ends := make([]string, len(edges))
	for i, e := range edges {
		ends[i] = e.at + " " + checksum(prints[e.of])
	}
	slices.Sort(ends)
	return strings.Join(ends, "\n")
}

// content is all that an object holds, without ids, and what these lead to.
func (e *exporter) content(o *object) (text string, mentions []edge) {
	note := func(at, id string) {
		if target := e.byID[id]; target != nil && target != o {
			mentions = append(mentions, edge{at, target})
		}
	}
	doc, _ := tfvalue.ToGo(o.config).(map[string]any)
	if doc == nil { // it is not part of the export
		doc = maps.Clone(o.doc)
	}
	for _, name := range slices.Concat([]string{"id", "created_at", "updated_at"}, o.resource.Type.Computed) {
		delete(doc, name)
	}
	whole := schema.Walk(nil, doc, func(c *schema.Cursor) bool {
		if id, ok := c.Value.(string); ok && schema.IsUUID(id) {
			note(c.Path.String(), id)
			c.Replace("")
		}
		return true
	})
	for attribute, id := range o.place {
		note(attribute, id)
		delete(doc, attribute)
	}
	out, err := json.Marshal([]any{o.resource.Name, whole})
	if err != nil {
		return "", mentions // no document that was read has such a value
	}
	return string(out), mentions
}
