package main

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/dataplane"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// oldest is the first version that the history of fields covers.
var oldest = dataplane.Version{Major: 3, Minor: 0}

// verify judges documents and returns what is wrong, sorted.
func verify(ctx context.Context, docs map[string]table) []string {
	var newest dataplane.Version
	for _, doc := range docs {
		text, _ := doc["version"].(string)
		if v, err := dataplane.ParseVersion(text); err == nil && newest.Before(v) {
			newest = v
		}
	}
	var found []string
	for _, name := range sortedKeys(docs) {
		v := verifier{name: name, doc: docs[name], newest: newest}
		v.document(ctx)
		for _, f := range v.found {
			found = append(found, name+": "+f)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// verifier judges the document of one plugin.
type verifier struct {
	name   string
	doc    table
	newest dataplane.Version
	plugin *plugins.Plugin
	places map[string]table // every definition, by its path in the history
	rules  plugins.KonnectRules
	found  []string
}

func (v *verifier) add(path, format string, args ...any) {
	v.found = append(v.found, at(path)+": "+fmt.Sprintf(format, args...))
}

func (v *verifier) document(ctx context.Context) {
	p := v.compile(ctx, v.doc)
	if p == nil {
		return
	}
	if p.Name != v.name {
		v.add("", "the file of %q has the name of %q", p.Name, v.name)
	}
	v.plugin, v.places = p, map[string]table{}
	v.walk(v.doc, "")
	v.info()
	v.konnect(ctx)
	v.history()
	for _, name := range p.Unjudged {
		if plugins.Known(name) {
			v.add("", "%s is marked as unjudged, but there is a function of that name", name)
		}
	}
}

// walk collects the places of definitions, and judges the checks in them. If a
// field and a shorthand field have the same name, the place is that of the
// field.
func (v *verifier) walk(def table, path string) {
	if v.places[path] == nil {
		v.places[path] = def
	}
	for _, key := range []string{"fields", "shorthand_fields"} {
		list := asList(def[key])
		for i, item := range list {
			if name, field, ok := entry(item); ok {
				if indexOf(list, name) < i {
					v.add(join(path, name), "stands twice among the %s", key)
				}
				v.walk(field, join(path, name))
			}
		}
	}
	for key, step := range steps {
		if inner := asTable(def[key]); inner != nil {
			v.walk(inner, path+step)
		}
	}
	for name, kind := range asTable(def["subschemas"]) {
		v.walk(asTable(kind), path+"("+name+")")
	}
	for _, c := range asList(def["entity_checks"]) {
		custom := asTable(asTable(c)["custom_entity_check"])
		for _, source := range texts(custom["field_sources"]) {
			if v.places[join(path, source)] == nil && !strings.HasSuffix(path, "."+source) { // Kong lets it name its own record
				v.add(path, "an entity check looks at %s, which is no field", source)
			}
		}
	}
}

// has reports whether there is a definition at a path of the history. A kind
// of a record has the fields of the record too, and a foreign field an ID.
func (v *verifier) has(path string) bool {
	for path != "" {
		if v.places[path] != nil {
			return true
		}
		if id, ok := strings.CutSuffix(path, ".id"); ok && v.places[id]["type"] == "foreign" {
			return true
		}
		open, end := strings.LastIndexByte(path, '('), strings.LastIndexByte(path, ')')
		if open < 0 || end < open {
			return false
		}
		if v.places[path[:end+1]] == nil {
			return false // no such kind
		}
		path = path[:open] + path[end+1:]
	}
	return true
}

// ours are attributes that data files have and Kong has not.
var ours = []string{"default_generated", "maps_to", "required_unknown", "subschema_key", "subschemas"}

// withoutMarks is a definition without our attributes.
func withoutMarks(v any) any {
	switch v := v.(type) {
	case table:
		out := make(table, len(v))
		for k, e := range v {
			if !slices.Contains(ours, k) {
				out[k] = withoutMarks(e)
			}
		}
		if out["referenceable"] == "any" {
			out["referenceable"] = true
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withoutMarks(e)
		}
		return out
	}
	return v
}

// compile returns the plugin of a document, or nil. It judges the document by
// Kong's own rules: every attribute fits its type, and every default its field.
func (v *verifier) compile(ctx context.Context, doc table) *plugins.Plugin {
	p, err := plugins.FromData(render(doc), entity.Plugin.Schema(), entity.Schemas)
	if err != nil {
		v.add("", "%v", err)
		return nil
	}
	for _, broken := range schema.CheckDefinition(ctx, withoutMarks(p.Def)).Violations() {
		if !slices.ContainsFunc(broken.Path, func(s schema.Step) bool { return s.Name == "deprecation" }) { // its texts are left out
			v.add("", "%v", broken)
		}
	}
	return p
}

// known are the values that the facts may have.
var known = map[string][]string{
	"tier":     {"", "free", "enterprise", "ai_gateway_enterprise"},
	"scope":    plugins.Scopes,
	"rewrite":  {"set", "move", "drop", "drop_value", "drop_element", "drop_plugin", "withhold", "break"},
	"protocol": {"grpc", "grpcs", "http", "https", "tcp", "tls", "tls_passthrough", "udp", "ws", "wss"},
}

func (v *verifier) oneOf(kind string, values ...string) {
	for _, value := range values {
		if !slices.Contains(known[kind], value) {
			v.add("info", "%q is no %s", value, kind)
		}
	}
}

func (v *verifier) info() {
	i := v.plugin.Info
	v.version("version", i.Version)
	v.version("info.since", i.Since)
	if i.Last != "" && i.Last != i.Version {
		v.add("info.last", "the last version with the plugin is %s, the schema is of %s", i.Last, i.Version)
	}
	v.oneOf("tier", i.Tier)
	v.oneOf("scope", i.Scopes...)
	v.oneOf("protocol", i.Protocols...)
	if len(i.Protocols) == 0 {
		v.add("protocols", "no protocols")
	}
	if !i.NotInKonnect && (i.Tier == "" || i.Priority == 0 || i.Konnect == nil) {
		v.add("info", "a plugin that is not marked not_in_konnect needs tier, priority and deployments")
	}
	for _, scope := range i.Scopes {
		if def := v.places[scope]; def != nil && def["reference"] != nil {
			if eq, limited := def["eq"]; limited && eq == nil {
				v.add("info.scopes", "the schema does not let it stand on a %s", scope)
			}
		}
	}
	v.priorities()
	for _, path := range sortedKeys(i.Limits) {
		v.place("info.limits", "config."+path)
	}
	for _, kind := range sortedKeys(i.Partials) {
		for _, path := range i.Partials[kind] {
			v.place("info.partials", path)
		}
	}
}

// priorities judges that the last priority in the list is the current one.
func (v *verifier) priorities() {
	i := v.plugin.Info
	var latest dataplane.Version
	for _, text := range sortedKeys(i.PriorityByVersion) {
		if version, ok := v.version("info.priority_by_version", text); ok && latest.Before(version) {
			latest = version
		}
	}
	if last := i.PriorityByVersion[latest.String()]; !latest.IsZero() && last != i.Priority {
		v.add("info.priority_by_version", "says %d for %s, the priority is %d", last, latest, i.Priority)
	}
}

// place reports a path in the facts that leads to no field.
func (v *verifier) place(facts, path string) {
	if !v.has(path) {
		v.add(facts, "%s is no field", path)
	}
}

// version judges that the data know a version in the facts.
func (v *verifier) version(at, text string) (dataplane.Version, bool) {
	version, err := dataplane.ParseVersion(text)
	switch {
	case err != nil:
		v.add(at, "%v", err)
	case v.newest.Before(version):
		v.add(at, "version %s is not known; the newest is %s", text, v.newest)
	default:
		return version, true
	}
	return version, false
}

func (v *verifier) history() {
	history := v.plugin.Info.History
	for _, path := range sortedKeys(history) {
		h := history[path]
		if h.Until == "" && !v.has(path) && !v.wentWith(path) {
			v.add(path, "the history speaks of a field that is not there")
			continue
		}
		v.versions(path, h)
		v.defaults(path, h)
		v.values(path, h)
	}
}

// wentWith reports whether the record around a place is gone.
func (v *verifier) wentWith(path string) bool {
	for place, h := range v.plugin.Info.History {
		if h.Until != "" && inside(path, place) {
			return true
		}
	}
	return false
}

// versions judges that each list of marks ascends and names known versions
// only.
func (v *verifier) versions(path string, h plugins.History) {
	single := [][]string{{h.Since}, {h.SincePatch}, {h.Until}, {h.ShorthandSince}, h.Absent}
	for _, list := range append(single, sinces(h.DefaultChanges), sinces(h.EnumChanges), sinces(h.RuleChanges)) {
		last := oldest
		for _, text := range list {
			if text == "" {
				continue
			}
			version, ok := v.version(path, text)
			if ok && version.Before(last) {
				v.add(path, "version %s comes after %s", version, last)
			}
			last = version
		}
	}
}

func sinces[C plugins.DefaultChange | plugins.EnumChange | plugins.RuleChange](changes []C) []string {
	var out []string
	for _, c := range changes {
		switch c := any(c).(type) {
		case plugins.DefaultChange:
			out = append(out, c.Since)
		case plugins.EnumChange:
			out = append(out, c.Since)
		case plugins.RuleChange:
			out = append(out, c.Since)
		}
	}
	return out
}

// konnect judges that Konnect's rules name existing fields. The gateway's own
// defaults, in whose place Konnect's are compiled, have to be valid, too.
func (v *verifier) konnect(ctx context.Context) {
	var err error
	if v.rules, err = v.plugin.Info.KonnectRules(); err != nil {
		v.add("konnect", "%v", err)
	}
	for _, path := range sortedKeys(v.rules.Defaults) {
		if v.place("konnect.defaults", path); v.places[path] == nil {
			continue
		}
		if same("default", v.places[path]["default"], v.rules.Defaults[path]) {
			v.add("konnect.defaults", "%s has that default on a gateway too", path)
		}
	}
	if len(v.rules.Defaults) > 0 {
		ofGateway := maps.Clone(v.doc)
		delete(ofGateway, "konnect")
		v.compile(ctx, ofGateway)
	}
	v.konnectVersions()
	for _, field := range v.rules.Verified {
		if v.place("konnect.verified", field.At); v.places[field.At]["type"] != "boolean" {
			v.add("konnect.verified", "%s is no boolean", field.At)
		}
		v.where("konnect.verified", field.If)
	}
}

// konnectVersions judges the rewrites that Konnect makes for some versions.
func (v *verifier) konnectVersions() {
	for _, path := range sortedKeys(v.rules.Since) {
		v.placeOrGone("konnect.since", path)
		v.patch("konnect.since", v.rules.Since[path])
	}
	for _, r := range v.rules.Rewrites {
		at := "konnect.rewrites, " + r.ID
		if r.ID == "" || len(r.At) == 0 || r.Before == "" && r.From == "" {
			v.add(at, "a rewrite needs an id, a place, and versions")
		}
		for _, text := range append([]string{r.Before, r.From}, r.Patches...) {
			if text != "" {
				v.patch(at, text)
			}
		}
		for _, path := range r.At {
			v.placeOrGone(at, path)
		}
		v.where(at, r.If)
		v.where(at, r.Unless)
		v.oneOf("rewrite", string(r.Does))
		if to, _ := r.To.(string); r.Does == dataplane.RewriteMove {
			v.placeOrGone(at, to)
		}
	}
}

// where judges that a condition looks at fields.
func (v *verifier) where(at string, w dataplane.Where) {
	for _, path := range sortedKeys(w) {
		v.placeOrGone(at, path)
	}
}

// placeOrGone is place for a path that may also be a scope or a former field.
func (v *verifier) placeOrGone(facts, path string) {
	if _, gone := v.plugin.Info.History[path]; !gone && !slices.Contains(known["scope"], path) {
		v.place(facts, path)
	}
}

var patched = regexp.MustCompile(`^(\d+\.\d+)(\.\d+){0,2}$`)

// patch judges a version that may name a patch.
func (v *verifier) patch(at, text string) {
	if m := patched.FindStringSubmatch(text); m != nil {
		v.version(at, m[1])
	} else {
		v.add(at, "%q is no version", text)
	}
}

// defaults judges that the last change led to the current default, the
// gateway's or Konnect's. A shorthand field has no default any more.
func (v *verifier) defaults(path string, h plugins.History) {
	if len(h.DefaultChanges) == 0 || h.ShorthandSince != "" {
		return
	}
	now, konnects := v.places[path]["default"], v.rules.Defaults[path]
	if last := h.DefaultChanges[len(h.DefaultChanges)-1]; !same("default", last.To, now) && !same("default", last.To, konnects) {
		v.add(path, "the default is %s, by its history %s", shown(now), shown(last.To))
	}
}

// values judges that each added value is there, unless it was removed again.
func (v *verifier) values(path string, h plugins.History) {
	if len(h.EnumChanges) == 0 || h.Until != "" {
		return
	}
	then := map[string]bool{}
	for _, c := range h.EnumChanges {
		for _, value := range c.Added {
			then[oneLine(value)] = true
		}
		for _, value := range c.Removed {
			then[oneLine(value)] = false
		}
	}
	now := map[string]bool{}
	for _, value := range asList(v.places[path]["one_of"]) {
		now[oneLine(value)] = true
	}
	for _, value := range slices.Sorted(maps.Keys(then)) {
		if then[value] != now[value] {
			v.add(path, "whether %s is one of its values differs from its history", value)
		}
	}
}
