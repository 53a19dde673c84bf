package plugins

import (
	"context"
	"fmt"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// call is the body of a shorthand field's function: it takes the field's value,
// which may be null, and returns the table to merge in.
type call = func(ctx context.Context, args ...any) ([]any, error)

// mover returns the function of a shorthand field that puts its value, which
// may be null, at each of the paths.
func mover(name string, paths [][]string) *schema.Function {
	return &schema.Function{Name: name, Call: func(_ context.Context, args ...any) ([]any, error) {
		moved := make(map[string]any)
		for _, path := range paths {
			place(moved, path, args[0])
		}
		return []any{moved}, nil
	}}
}

func place(in map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		next, ok := in[name].(map[string]any)
		if !ok {
			next = make(map[string]any)
			in[name] = next
		}
		in = next
	}
	in[path[len(path)-1]] = value
}

// replacements returns the paths that take a shorthand field's value: those of
// its deprecation or, where Kong leaves that to code, maps_to.
func replacements(def schema.Def) [][]string {
	deprecation, _ := def["deprecation"].(map[string]any)
	list, _ := deprecation["replaced_with"].([]any)
	var paths [][]string
	for _, item := range list {
		if path := texts(record(item)["path"]); len(path) > 0 {
			paths = append(paths, path)
		}
	}
	if path := texts(def["translate_backwards"]); paths == nil && len(path) > 0 {
		paths = [][]string{path}
	}
	if to, ok := def["maps_to"].(string); ok && to != "" && paths == nil {
		paths = [][]string{strings.Split(to, ".")}
	}
	return paths
}

// shorthandNamed returns the function of the shorthand field: our own where
// values change their form, otherwise one that moves the value. A field that
// maps to "" has no new place, so its value is dropped.
func shorthandNamed(name string, def schema.Def) *schema.Function {
	if fn, ok := functions[name]; ok {
		return fn
	}
	if convert, ok := conversions[fieldOf(name)]; ok {
		return &schema.Function{Name: name, Call: convert}
	}
	paths := replacements(def)
	if len(paths) == 0 && def["maps_to"] != "" {
		return nil
	}
	return mover(name, paths)
}

// fieldOf returns the field in the name of its function,
// "<plugin>:<path>.<field>.func".
func fieldOf(name string) string {
	name = strings.TrimSuffix(name, ".func")
	return name[strings.LastIndexAny(name, ".:")+1:]
}

// shorthands are functions of single shorthand fields.
var shorthands = map[string]call{
	"canary:config.hash.func":             renamedValues("hash", map[string]any{"whitelist": "allow", "blacklist": "deny"}),
	"session:config.cookie_idletime.func": nullAs("idling_timeout", schema.Number("0")),
}

// conversions are functions of shorthand fields that several plugins share.
var conversions = map[string]call{
	"authorization_cookie_samesite": sameSite("authorization_cookie_same_site"),
	"cluster_addresses":             addresses("cluster_nodes", "ip"),
	"consumer_claim":                wrap("consumer_claims"),
	"cookie_samesite":               sameSite("cookie_same_site"),
	"sentinel_addresses":            addresses("sentinel_nodes", "host"),
	"session_cookie_idletime":       nullAs("session_idling_timeout", schema.Number("0")),
	"session_cookie_samesite":       sameSite("session_cookie_same_site"),
}

// renamedValues returns the function of a field some of whose values have new
// names.
func renamedValues(target string, names map[string]any) call {
	return func(_ context.Context, args ...any) ([]any, error) {
		if s, ok := args[0].(string); ok {
			if renamed, ok := names[s]; ok {
				return []any{map[string]any{target: renamed}}, nil
			}
		}
		return []any{map[string]any{target: args[0]}}, nil
	}
}

func sameSite(target string) call { return renamedValues(target, map[string]any{"off": "Lax"}) }

// nullAs returns the function of a field for which null meant a value.
func nullAs(target string, value any) call {
	return func(_ context.Context, args ...any) ([]any, error) {
		if args[0] == nil {
			return []any{map[string]any{target: value}}, nil
		}
		return []any{map[string]any{target: args[0]}}, nil
	}
}

// addresses returns the function of a shorthand field that was a list of
// "host:port" and now is a list of records. An address without a port gets the
// default port.
func addresses(target, host string) call {
	return func(_ context.Context, args ...any) ([]any, error) {
		list, ok := args[0].([]any)
		if !ok {
			return []any{map[string]any{target: args[0]}}, nil
		}
		nodes := make([]any, len(list))
		for i, item := range list {
			address, _ := item.(string)
			nodes[i] = splitAddress(address, host)
		}
		return []any{map[string]any{target: nodes}}, nil
	}
}

func splitAddress(address, host string) map[string]any {
	at := strings.LastIndexByte(address, ':')
	if at < 0 {
		return map[string]any{host: address}
	}
	node := map[string]any{host: address[:at]}
	if port := address[at+1:]; port != "" && strings.Trim(port, "0123456789") == "" {
		node["port"] = schema.Number(port)
	} else {
		node["port"] = port // not a port: the field's own type says so
	}
	return node
}

// wrap returns the function of a shorthand field whose one item now belongs
// into a list.
func wrap(target string) call {
	return func(_ context.Context, args ...any) ([]any, error) {
		if args[0] == nil {
			return []any{map[string]any{target: nil}}, nil
		}
		return []any{map[string]any{target: []any{args[0]}}}, nil
	}
}

// reverses are the old values of shorthand fields that several plugins share,
// by the record that holds the new ones.
var reverses = map[string]call{
	"cluster_addresses":  joined("cluster_nodes", "ip"),
	"consumer_claim":     unwrap("consumer_claims"),
	"sentinel_addresses": joined("sentinel_nodes", "host"),
}

// reverse tells the replacements of a shorthand field how to get the old value,
// where it is not just in another place.
func reverse(name string, def schema.Def) {
	back, ok := reverses[fieldOf(name)]
	if !ok {
		return
	}
	list, _ := record(def["deprecation"])["replaced_with"].([]any)
	for _, item := range list {
		record(item)["reverse_mapping_function"] = &schema.Function{Name: strings.TrimSuffix(name, ".func") + ".reverse", Call: back}
	}
}

// joined is the reverse of [addresses].
func joined(target, host string) call {
	return func(_ context.Context, args ...any) ([]any, error) {
		nodes, ok := record(args[0])[target].([]any)
		if !ok {
			return []any{nil}, nil
		}
		list := make([]any, len(nodes))
		for i, item := range nodes {
			node := record(item)
			list[i] = node[host]
			if port := node["port"]; port != nil {
				list[i] = fmt.Sprintf("%v:%v", node[host], port)
			}
		}
		return []any{list}, nil
	}
}

// unwrap is the reverse of [wrap]. A list of several items never had an old
// form.
func unwrap(target string) call {
	return func(_ context.Context, args ...any) ([]any, error) {
		if list, ok := record(args[0])[target].([]any); ok && len(list) == 1 {
			return []any{list[0]}, nil
		}
		return []any{nil}, nil
	}
}
