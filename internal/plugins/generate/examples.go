package main

import (
	"bufio"
	"os"
	"path/filepath"
)

// examples are the example configurations of the catalog by plugin, in the
// form of the tests: valid ones with the version they need, invalid ones with
// the places of their faults.
func examples(catalog string) (map[string]table, error) {
	out := make(map[string]table)
	for file, kind := range map[string]string{"example-configs.jsonl": "valid", "example-configs-invalid.jsonl": "invalid"} {
		err := eachLine(filepath.Join(catalog, file), func(line table) {
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

func eachLine(path string, use func(line table)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line table
		if err := decode(lines.Bytes(), &line); err != nil {
			return err
		}
		use(line)
	}
	return lines.Err()
}
