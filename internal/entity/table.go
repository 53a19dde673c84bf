package entity

import "github.com/openkonnect/terraform-provider-konnect/internal/schema"

// ControlPlane is the root of everything else. Answers nest what requests
// hold at the top below config.
var ControlPlane = &Type{
	Name:        "control_planes",
	Singular:    "control_plane",
	Resource:    "konnect_gateway_control_plane",
	Title:       "control plane",
	Family:      Platform,
	Path:        "v2/control-planes",
	ID:          "id",
	Unique:      []Unique{{Name: "name", Fields: []string{"name"}}},
	Define:      controlPlane,
	DefineReply: controlPlaneReply,
	ReplyPaths: map[string]string{
		"cluster_type":  "config.cluster_type",
		"auth_type":     "config.auth_type",
		"cloud_gateway": "config.cloud_gateway",
		"proxy_urls":    "config.proxy_urls",
	},
	Computed:  []string{"id", "config.control_plane_endpoint", "config.telemetry_endpoint", "created_at", "updated_at"},
	Immutable: []string{"cluster_type", "cloud_gateway"},
}

// Service is an upstream application that routes lead to.
var Service = &Type{
	Name:       "services",
	Singular:   "service",
	Resource:   "konnect_gateway_service",
	Title:      "gateway service",
	Path:       "core-entities/services",
	Parent:     ControlPlane,
	ID:         "id",
	Key:        "name",
	NameFilter: "name",
	Unique:     []Unique{{Name: "name", Fields: []string{"name"}}},
	Define:     service,
	Computed:   []string{"id", "created_at", "updated_at"},
	WriteOnly:  []string{"url"},
}

// Route sends the requests that match it to a service.
var Route = &Type{
	Name:        "routes",
	Singular:    "route",
	Resource:    "konnect_gateway_route",
	Title:       "gateway route",
	Path:        "core-entities/routes",
	Parent:      ControlPlane,
	NestedBelow: []string{"services"},
	ID:          "id",
	Key:         "name",
	NameFilter:  "name",
	Unique:      []Unique{{Name: "name", Fields: []string{"name"}}},
	References:  []Reference{{Field: "service", Target: "services", OnDelete: Restrict}},
	Define:      route,
	Computed:    []string{"id", "created_at", "updated_at"},
}

// Consumer is a user of the services.
var Consumer = &Type{
	Name:         "consumers",
	Singular:     "consumer",
	Resource:     "konnect_gateway_consumer",
	Title:        "consumer",
	Path:         "core-entities/consumers",
	Parent:       ControlPlane,
	ID:           "id",
	Key:          "username",
	NameFilter:   "username",
	EqualFilters: []string{"custom_id"},
	Unique: []Unique{
		{Name: "username", Fields: []string{"username"}},
		{Name: "custom_id", Fields: []string{"custom_id"}},
	},
	Define:   consumer,
	Computed: []string{"id", "created_at", "updated_at"},
}

// ConsumerGroup gathers consumers that plugins treat alike.
var ConsumerGroup = &Type{
	Name:     "consumer_groups",
	Singular: "consumer_group",
	Resource: "konnect_gateway_consumer_group",
	Title:    "consumer group",
	Path:     "core-entities/consumer_groups",
	Parent:   ControlPlane,
	Envelope: "consumer_group",
	ID:       "id",
	Key:      "name",
	KeyReads: true,
	Unique:   []Unique{{Name: "name", Fields: []string{"name"}}},
	Define:   consumerGroup,
	Computed: []string{"id", "created_at", "updated_at"},
}

// ConsumerGroupMember says that a consumer belongs to a group. Its endpoints
// are irregular: below the group as consumers, below the consumer as
// consumer_groups, and there is no GET of a single membership.
var ConsumerGroupMember = &Type{
	Name:     "consumer_group_consumers",
	Singular: "consumer_group_consumer",
	Resource: "konnect_gateway_consumer_group_member",
	Title:    "consumer group member",
	Path:     "consumers",
	Parent:   ConsumerGroup,
	ID:       "id",
	Unique:   []Unique{{Name: "consumer-in-group", Fields: []string{"consumer", "consumer_group"}}},
	References: []Reference{
		{Field: "consumer", Target: "consumers", OnDelete: Cascade},
		{Field: "consumer_group", Target: "consumer_groups", OnDelete: Cascade},
	},
	Define:    consumerGroupMember,
	Immutable: []string{"consumer", "consumer_group"},
}

// Plugin is an instance of a bundled or custom plugin. The field plugin_schema
// among its references is the server's own: it ties an instance to the custom
// schema that judged it, and no request or answer shows it.
var Plugin = &Type{
	Name:        "plugins",
	Singular:    "plugin",
	Resource:    "konnect_gateway_custom_plugin",
	Title:       "gateway plugin",
	Path:        "core-entities/plugins",
	Parent:      ControlPlane,
	NestedBelow: []string{"services", "routes", "consumers", "consumer_groups"},
	ID:          "id",
	NameFilter:  "name",
	Unique: []Unique{
		{
			Name:       "unique-plugin-per-entity",
			Fields:     []string{"name", "service", "route", "consumer", "consumer_group"},
			NullsEqual: true,
		},
		{Name: "instance_name", Fields: []string{"instance_name"}},
	},
	References: []Reference{
		{Field: "service", Target: "services", OnDelete: Cascade},
		{Field: "route", Target: "routes", OnDelete: Cascade},
		{Field: "consumer", Target: "consumers", OnDelete: Cascade},
		{Field: "consumer_group", Target: "consumer_groups", OnDelete: Cascade},
		{Field: "plugin_schema", Target: "plugin_schemas", OnDelete: Restrict},
	},
	Define:   plugin,
	Computed: []string{"id", "created_at", "updated_at"},
}

// PluginSchema is the schema.lua of a custom plugin. Its name stands in the
// Lua text and is its only address.
var PluginSchema = &Type{
	Name:      "plugin_schemas",
	Singular:  "plugin_schema",
	Resource:  "konnect_gateway_custom_plugin_schema",
	Title:     "custom plugin schema",
	Family:    Legacy,
	Path:      "core-entities/plugin-schemas",
	Parent:    ControlPlane,
	Envelope:  "item",
	ID:        "name",
	Define:    pluginSchema,
	Computed:  []string{"created_at", "updated_at"},
	Immutable: []string{"name"},
}

// Types returns the rows of the table, parents before what belongs to them.
func Types() []*Type {
	return []*Type{
		ControlPlane,
		Service,
		Route,
		Consumer,
		ConsumerGroup,
		ConsumerGroupMember,
		PluginSchema,
		Plugin,
	}
}

// Named returns the row of that name, or nil.
func Named(name string) *Type {
	for _, t := range Types() {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// referred are entities that fields of others, above all of plugin schemas,
// refer to and that have no row of their own. Of most of them
// the id is all that matters here.
var referred = []*Type{
	{Name: "certificates", Define: certificate},
	{Name: "ca_certificates", Define: onlyID("ca_certificates")},
	{Name: "key_sets", Define: onlyID("key_sets")},
	{Name: "keys", Define: onlyID("keys")},
	{Name: "partials", Define: onlyID("partials")},
	{Name: "snis", Define: onlyID("snis")},
	{Name: "targets", Define: onlyID("targets")},
	{Name: "upstreams", Define: onlyID("upstreams")},
	{Name: "vault_auth_vaults", Define: onlyID("vault_auth_vaults")}, // of the plugin vault-auth
	{Name: "vaults", Define: onlyID("vaults")},
}

// Schemas returns the schema of the entity of that name, or nil: what foreign
// fields refer to.
func Schemas(name string) *schema.Schema {
	if t := Named(name); t != nil {
		return t.Schema()
	}
	for _, t := range referred {
		if t.Name == name {
			return t.Schema()
		}
	}
	return nil
}
