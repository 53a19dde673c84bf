package main

import (
	"bytes"
	"fmt"
	"io/fs"
)

// examples are the example configurations of the catalog by plugin, in the
// form of the tests: valid ones with the version they need, invalid ones with
// the places of their faults.
func examples(catalog fs.FS) (map[string]table, error) {
	out := make(map[string]table)
	for file, kind := range map[string]string{"example-configs.jsonl": "valid", "example-configs-invalid.jsonl": "invalid"} {
		err := eachLine(catalog, file, func(line table) {
			plugin, _ := line["plugin"].(string)
			if out[plugin] == nil {
				out[plugin] = table{}
			}
			list, _ := out[plugin][kind].([]any)
			example := without(line, "plugin", "issues")
			if issues, ok := line["issues"].([]any); ok {
				places := []any{}
				for _, issue := range issues {
					places = append(places, issue.([]any)[0])
				}
				example["at"] = places
			}
			out[plugin][kind] = append(list, example)
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func eachLine(dir fs.FS, path string, use func(line table)) error {
	data, err := fs.ReadFile(dir, path)
	if err != nil {
		return err
	}
	for text := range bytes.Lines(data) {
		var line table
		if err := decode(text, &line); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		use(line)
	}
	return nil
}
