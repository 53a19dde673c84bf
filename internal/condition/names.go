package condition

import (
	"maps"
	"slices"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
)

// names are what a condition can ask for, by the path from the request: the
// fields of each record, and their types. A record of records names others.
var names = map[string]map[string]*cel.Type{
	"http": {
		"method": cel.StringType, "host": cel.StringType, "path": cel.StringType,
		"path_segments": texts,
		"headers":       textByName, "queries": textByName,
		"headers_list": textsByName, "queries_list": textsByName,
	},
	"net":            {"protocol": cel.StringType, "tls": record("net.tls"), "src": record("net.src"), "dst": record("net.dst")},
	"net.tls":        {"sni": cel.StringType},
	"net.src":        {"ip": cel.StringType, "port": cel.IntType},
	"net.dst":        {"ip": cel.StringType, "port": cel.IntType},
	"route":          {"id": cel.StringType, "name": cel.StringType, "tags": texts},
	"service":        {"id": cel.StringType, "name": cel.StringType, "tags": texts},
	"consumer":       {"id": cel.StringType, "username": cel.StringType, "custom_id": cel.StringType, "tags": texts},
	"consumer_group": {"names": texts, "ids": texts},
	"principal":      {"id": cel.StringType, "display_name": cel.StringType, "metadata": anythingByName},
	"kong":           {"ctx": record("kong.ctx")},
	"kong.ctx":       {"shared": anythingByName},
	"plugin":         {"is_matched": cel.BoolType, "priority": cel.IntType, "access_has_executed": cel.BoolType},
}

// roots are the names that an expression may begin with.
var roots = map[string]*cel.Type{
	"http": record("http"), "net": record("net"), "route": record("route"), "service": record("service"),
	"consumer": record("consumer"), "consumer_group": record("consumer_group"), "principal": record("principal"), "kong": record("kong"),
	"plugins": cel.MapType(cel.StringType, record("plugin")),
}

var (
	texts          = cel.ListType(cel.StringType)
	textByName     = cel.MapType(cel.StringType, cel.StringType)
	textsByName    = cel.MapType(cel.StringType, texts)
	anythingByName = cel.MapType(cel.StringType, cel.DynType)
)

// functions are those that conditions are documented to have. The language has
// more, which a data plane may or may not know.
var functions = []string{"contains", "startsWith", "endsWith", "matches", "size", "has", "all", "exists", "map", "filter", "default"}

// mayMiss are the maps of which reading a missing key makes a request fail.
var mayMiss = []string{"kong.ctx.shared", "principal.metadata"}

// byHeader are the maps whose keys are names of headers.
var byHeader = []string{"http.headers", "http.headers_list"}

// record is the type of a record of names. The prefix keeps types apart from
// names.
func record(name string) *cel.Type { return cel.ObjectType("request." + name) }

func variables() []cel.EnvOption {
	out := make([]cel.EnvOption, 0, len(roots))
	for _, name := range slices.Sorted(maps.Keys(roots)) {
		out = append(out, cel.Variable(name, roots[name]))
	}
	return out
}

// provider tells cel-go the types of the records.
type provider struct{ *types.Registry }

func fieldsOf(structType string) map[string]*cel.Type {
	const prefix = "request."
	if len(structType) < len(prefix) {
		return nil
	}
	return names[structType[len(prefix):]]
}

// FindStructType returns the type of a record.
func (p provider) FindStructType(name string) (*types.Type, bool) {
	if fieldsOf(name) != nil {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return p.Registry.FindStructType(name)
}

// FindStructFieldNames returns the names in a record.
func (p provider) FindStructFieldNames(name string) ([]string, bool) {
	if fields := fieldsOf(name); fields != nil {
		return slices.Sorted(maps.Keys(fields)), true
	}
	return p.Registry.FindStructFieldNames(name)
}

// FindStructFieldType returns the type of a name in a record.
func (p provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	if fields := fieldsOf(name); fields != nil {
		t, ok := fields[field]
		return &types.FieldType{Type: t}, ok
	}
	return p.Registry.FindStructFieldType(name, field)
}

// whole are the full names that begin like this one: those of the fields of a
// record.
func whole(prefix string) []string {
	var out []string
	if prefix == "" {
		return slices.Sorted(maps.Keys(roots))
	}
	for field := range names[prefix] {
		out = append(out, prefix+"."+field)
	}
	slices.Sort(out)
	return out
}
