package store_test

import "github.com/openkonnect/terraform-provider-konnect/internal/entity"

// The types of the tests, with every trait that the store treats specially.
var (
	controlPlanes = &entity.Type{
		Name: "control_planes", Singular: "control_plane", ID: "id",
		Unique: unique("name"),
	}
	services = &entity.Type{
		Name: "services", Singular: "service", ID: "id", Key: "name", Parent: controlPlanes,
		Unique: unique("name"),
		References: []entity.Reference{
			{Field: "client_certificate", Target: "certificates", OnDelete: entity.Restrict},
			{Field: "ca_certificates", Target: "certificates", OnDelete: entity.Restrict},
		},
	}
	routes = &entity.Type{
		Name: "routes", Singular: "route", ID: "id", Key: "name", Parent: controlPlanes,
		Unique:     unique("name"),
		References: []entity.Reference{{Field: "service", Target: "services", OnDelete: entity.Restrict}},
	}
	consumers = &entity.Type{
		Name: "consumers", Singular: "consumer", ID: "id", Key: "username", Parent: controlPlanes,
		Unique: unique("username", "custom_id"),
	}
	plugins = &entity.Type{
		Name: "plugins", Singular: "plugin", ID: "id", NameFilter: "name", Parent: controlPlanes,
		Unique: append(unique("instance_name"), entity.Unique{
			Name: "unique-plugin-per-entity", Fields: []string{"name", "service", "route", "consumer"}, NullsEqual: true,
		}),
		References: []entity.Reference{
			{Field: "service", Target: "services", OnDelete: entity.Cascade},
			{Field: "route", Target: "routes", OnDelete: entity.Cascade},
			{Field: "consumer", Target: "consumers", OnDelete: entity.Cascade},
		},
	}
	credentials = &entity.Type{
		Name: "credentials", Singular: "credential", ID: "id", Parent: controlPlanes,
		Unique:     unique("key"),
		References: []entity.Reference{{Field: "consumer", Target: "consumers", OnDelete: entity.Cascade}},
	}
	audits = &entity.Type{ // a second step of a cascade
		Name: "audits", Singular: "audit", ID: "id", Parent: controlPlanes,
		References: []entity.Reference{{Field: "credential", Target: "credentials", OnDelete: entity.Cascade}},
	}
	guards = &entity.Type{ // restricts in the middle of a cascade
		Name: "guards", Singular: "guard", ID: "id", Parent: controlPlanes,
		References: []entity.Reference{{Field: "credential", Target: "credentials", OnDelete: entity.Restrict}},
	}
	upstreams = &entity.Type{
		Name: "upstreams", Singular: "upstream", ID: "id", Key: "name", Parent: controlPlanes,
		Unique: unique("name"),
	}
	targets = &entity.Type{ // its key is unique together with another field only
		Name: "targets", Singular: "target", ID: "id", Key: "target", Parent: controlPlanes,
		Unique:     []entity.Unique{{Name: "upstream-target", Fields: []string{"upstream", "target"}}},
		References: []entity.Reference{{Field: "upstream", Target: "upstreams", OnDelete: entity.Cascade}},
	}
	certificates = &entity.Type{
		Name: "certificates", Singular: "certificate", ID: "id", Parent: controlPlanes,
	}
	vaults = &entity.Type{ // refers from within a record
		Name: "vaults", Singular: "vault", ID: "id", Key: "prefix", Parent: controlPlanes,
		Unique:     unique("prefix"),
		References: []entity.Reference{{Field: "config.certificate", Target: "certificates", OnDelete: entity.Restrict}},
	}
	schemas = &entity.Type{ // addressed by name
		Name: "plugin_schemas", Singular: "plugin_schema", ID: "name", Parent: controlPlanes,
	}
	nodes = &entity.Type{ // refers to itself, in circles if need be
		Name: "nodes", Singular: "node", ID: "id", Key: "name", Parent: controlPlanes,
		Unique:     unique("name"),
		References: []entity.Reference{{Field: "parent", Target: "nodes", OnDelete: entity.Cascade}},
	}
	memberships = &entity.Type{ // without a parent, between entities without a parent
		Name: "memberships", Singular: "membership", ID: "id",
		References: []entity.Reference{
			{Field: "group", Target: "control_planes", OnDelete: entity.Restrict},
			{Field: "member", Target: "control_planes", OnDelete: entity.Cascade},
		},
	}
	realms  = &entity.Type{Name: "realms", Singular: "realm", ID: "id", Unique: unique("name")}
	persons = &entity.Type{
		Name: "persons", Singular: "person", ID: "id", Key: "username", Parent: realms,
		Unique: unique("username"),
	}
	keys = &entity.Type{ // two levels below what owns it
		Name: "keys", Singular: "key", ID: "id", Parent: persons,
		References: []entity.Reference{{Field: "person", Target: "persons", OnDelete: entity.Cascade}},
	}

	types = entity.Table{
		controlPlanes, services, routes, consumers, plugins, credentials, audits, guards, upstreams, targets,
		certificates, vaults, schemas, nodes, memberships, realms, persons, keys,
	}
)

func unique(fields ...string) []entity.Unique {
	var sets []entity.Unique
	for _, f := range fields {
		sets = append(sets, entity.Unique{Name: f, Fields: []string{f}})
	}
	return sets
}
