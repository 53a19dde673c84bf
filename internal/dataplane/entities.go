package dataplane

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"sync"
)

//go:embed entities.json
var entities []byte

// byEntity are the rules of entities.json. Tests read all of them.
var byEntity = sync.OnceValue(func() map[string]Rules {
	var out map[string]Rules
	d := json.NewDecoder(bytes.NewReader(entities))
	d.UseNumber()
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		panic("entities.json: " + err.Error())
	}
	return out
})

// RulesOf returns the rules for documents of an entity, by the name of the
// entity: "services". Those for plugins hold whatever the plugin is.
func RulesOf(entity string) Rules { return byEntity()[entity] }

// Entities are the names of the entities that rules are known of.
func Entities() []string { return slices.Sorted(maps.Keys(byEntity())) }
