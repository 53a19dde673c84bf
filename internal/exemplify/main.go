// Command exemplify writes what follows from the examples of the resources, which
// people write: beside each of them it says how to import. The examples of data
// sources, examples/data-sources, look for an object by its best name.
//
// Running it again changes nothing; terraform fmt aligns what it wrote.
package main

import (
	"flag"
	"log"
	"os"
	"path/filepath"

	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

//go:generate go run .

func main() {
	to := flag.String("to", "../../examples/resources", "folder of the examples")
	flag.Parse()
	if err := run(*to); err != nil {
		log.Fatal(err)
	}
}

func run(to string) error {
	for name, d := range resource.Sources(resource.All()) {
		folder := filepath.Join(filepath.Dir(to), "data-sources", name)
		if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // what is checked in is for everybody to read
			return err
		}
		if err := save(folder, "data-source.tf", d.Example()); err != nil {
			return err
		}
	}
	return adoptions(to)
}

func save(folder, name, text string) error {
	return os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644) //nolint:gosec // what is checked in is for everybody to read
}
