package acctest

import (
	"fmt"
	"reflect"
	"sort"
)

// Changes lists the paths at which two objects differ.
func Changes(a, b any) []string { return changes(a, b, "") }

func changes(a, b any, at string) []string {
	if reflect.DeepEqual(a, b) {
		return nil
	}
	x, okX := a.(map[string]any)
	y, okY := b.(map[string]any)
	if !okX || !okY {
		return []string{at}
	}
	var out []string
	for k := range x {
		if _, ok := y[k]; !ok {
			out = append(out, join(at, k))
		}
	}
	for k, v := range y {
		out = append(out, changes(x[k], v, join(at, k))...)
	}
	sort.Strings(out)
	return out
}

// Unknowns lists the paths of what a plan leaves unknown.
func Unknowns(v any) []string { return unknowns(v, "") }

func unknowns(v any, at string) []string {
	if v == Unknown {
		return []string{at}
	}
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			out = append(out, unknowns(e, join(at, k))...)
		}
	case []any:
		for i, e := range v {
			out = append(out, unknowns(e, fmt.Sprintf("%s[%d]", at, i))...)
		}
	}
	sort.Strings(out)
	return out
}

// Lacks lists the paths at which a document differs from a part that it should
// hold.
func Lacks(doc, part any) []string { return lacks(doc, part, "") }

func lacks(doc, part any, at string) (out []string) {
	switch part := part.(type) {
	case map[string]any:
		d, _ := doc.(map[string]any)
		for k, v := range part {
			out = append(out, lacks(d[k], v, at+"."+k)...)
		}
		return out
	case []any:
		d, ok := doc.([]any)
		if !ok || len(d) != len(part) {
			return []string{at}
		}
		for i, v := range part {
			out = append(out, lacks(d[i], v, at+"[]")...)
		}
		return out
	}
	if doc != part {
		return []string{at}
	}
	return nil
}

func join(at, k string) string {
	if at == "" {
		return k
	}
	return at + "." + k
}
