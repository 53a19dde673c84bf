package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/hcltext"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/resource"
)

// ids are those of the examples: of what is imported, and of what it belongs to,
// from the root down.
const id = "0c3d4bbd-a7d9-4d98-af0f-6fc2b737bd6d"

var above = []string{"9524ec7d-36d9-465d-a8c5-83a3c9390458", "5f2a7c1e-8b0d-4c6f-9a3e-2d1b7e4f6a90", "8a388226-80e8-4027-a486-25e4f7db5d21"}

// called are the names in examples of what others belong to.
var called = map[*entity.Type]string{
	entity.ControlPlane: "shop", entity.Consumer: "alice", entity.ConsumerGroup: "gold", entity.Upstream: "orders.internal",
	entity.ConfigStore: "secrets", entity.Realm: "staff", entity.RealmConsumer: "alice", entity.Service: "orders",
}

// named are names of imported things that are not those of their resources.
var named = map[*entity.Type]string{
	entity.Target: "10.0.0.1:8000", entity.SNI: "shop.example.com", entity.CACertificate: "", entity.Certificate: "",
	entity.KeyAuth: "", entity.MTLSAuth: "alice@example.com",
}

var labelled = regexp.MustCompile(`(?m)^resource "(\w+)" "(\w+)"`)

// adoptions writes how to import beside every example of a resource.
func adoptions(folder string) error {
	for typ, r := range resource.All() {
		at := filepath.Join(folder, typ)
		text, err := os.ReadFile(filepath.Join(at, "resource.tf"))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		for _, found := range labelled.FindAllStringSubmatch(string(text), -1) {
			if found[1] != typ {
				continue
			}
			a := adoption{r, typ + "." + found[2], found[2]}
			if err := a.write(at); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// adoption is the import of the resource in an example.
type adoption struct {
	*resource.Resource

	address, label string
}

func (a adoption) write(folder string) error {
	if err := save(folder, "import.sh", a.command()); err != nil {
		return err
	}
	return save(folder, "import-by-string-id.tf", a.block())
}

// keys are the parts of the address by ids, as the published provider has them:
// the object before what it belongs to.
func (a adoption) keys() (names []string, values map[string]string) {
	values = map[string]string{}
	steps := a.Address()
	for i, at := range steps {
		last := i == len(steps)-1
		values[at.Attribute] = above[min(i, len(above)-1)]
		if last && at.Attribute == "id" {
			values["id"] = id
		} else if last && at.Attribute == at.Type.Address() {
			values[at.Attribute] = a.label
		}
		if last && at.Type == entity.ControlPlane {
			values[at.Attribute] = above[0]
		}
	}
	return a.ImportKeys(), values
}

// byName is the address by names.
func (a adoption) byName() string {
	var parts []string
	steps := a.Address()
	for i, at := range steps {
		name := called[at.Type]
		if i == len(steps)-1 && at.Type == a.Type {
			name = a.name()
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, "/")
}

// name is what the imported object is called, or its id where it has no name.
func (a adoption) name() string {
	if a.Plugin != "" {
		return a.Plugin
	}
	name, special := named[a.Type]
	switch {
	case special && name == "":
		return id
	case special:
		return name
	}
	return strings.ReplaceAll(a.label, "_", "-")
}

func (a adoption) command() string {
	names, values := a.keys()
	text := values[names[0]]
	if len(names) > 1 {
		var parts []string
		for _, name := range names {
			parts = append(parts, fmt.Sprintf("%q:%q", name, values[name]))
		}
		text = "{" + strings.Join(parts, ",") + "}"
	}
	return fmt.Sprintf("terraform import %s '%s'\n\n# By name, from the control plane down; any part may be an ID, and a / within a name is %%2F:\nterraform import %s %s\n",
		a.address, text, a.address, a.byName())
}

func (a adoption) block() string {
	var file, body hcltext.Body
	names, values := a.keys()
	entries := make([]hcltext.Entry, len(names))
	for i, name := range names {
		entries[i] = hcltext.Entry{Name: name, Value: hcltext.Text(values[name])}
	}
	file.Comment("Without a resource block, for terraform plan -generate-config-out, add: provider = konnect")
	body.Set("to", a.address)
	if len(names) == 1 {
		body.Set("id", entries[0].Value)
	} else {
		body.Set("id", hcltext.Call("jsonencode", hcltext.Object(entries)))
	}
	file.Block("import", nil, &body)
	file.Gap()
	said := "From Terraform 1.12 on, the identity says the same in place of the id:\n  identity = {\n"
	for _, e := range entries {
		said += "    " + e.Name + " = " + e.Value + "\n"
	}
	file.Comment(said + "  }")
	return file.File()
}
