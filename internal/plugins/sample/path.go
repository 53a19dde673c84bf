package sample

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// get returns what stands at a path, or nil.
func get(v any, path schema.Path) any {
	for _, step := range path {
		switch at := v.(type) {
		case map[string]any:
			v = at[step.Name]
		case []any:
			if step.Name != "" || step.Index >= len(at) {
				return nil
			}
			v = at[step.Index]
		default:
			return nil
		}
	}
	return v
}

// put sets what stands at a path, making records on the way.
func put(m map[string]any, path schema.Path, value any) {
	var at any = m
	for i, step := range path {
		last := i == len(path)-1
		switch in := at.(type) {
		case map[string]any:
			if last {
				in[step.Name] = value
				return
			}
			if in[step.Name] == nil {
				in[step.Name] = map[string]any{}
			}
			at = in[step.Name]
		case []any:
			if step.Name != "" || step.Index >= len(in) {
				return
			}
			if last {
				in[step.Index] = value
				return
			}
			at = in[step.Index]
		default:
			return
		}
	}
}

// remove takes away what stands at a path; of a list, the whole list.
func remove(m map[string]any, path schema.Path) {
	for len(path) > 0 && path[len(path)-1].Name == "" {
		path = path[:len(path)-1]
	}
	if len(path) == 0 {
		return
	}
	parent, _ := get(m, path[:len(path)-1]).(map[string]any)
	delete(parent, path[len(path)-1].Name)
}
