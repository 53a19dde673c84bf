package entity

import (
	"slices"
	"strings"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// ControlPlane is the root of everything else. Requests hold its settings at
// the top, answers below config.
var ControlPlane = &Type{
	Name:        "control_planes",
	Singular:    "control_plane",
	Resource:    "konnect_gateway_control_plane",
	Title:       "control plane",
	Family:      Platform,
	Path:        "v2/control-planes",
	ID:          "id",
	NameFilter:  "name",
	Unique:      []Unique{{Name: "name", Fields: []string{"name"}}},
	Limit:       100,
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
	Merged:    []string{"labels"},
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
	References: []Reference{
		{Field: "client_certificate", Target: "certificates", OnDelete: Restrict},
		{Field: "ca_certificates", Target: "ca_certificates", OnDelete: Restrict},
	},
	Limit:     10_000,
	Define:    service,
	Computed:  []string{"id", "created_at", "updated_at"},
	WriteOnly: []string{"url"},
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
	Limit:       10_000,
	Define:      route,
	Computed:    []string{"id", "created_at", "updated_at"},

	FormerDefaults: map[string][]any{"protocols": {words("https")}}, // of a gateway from 3.14 on
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
	Limit:    50_000,
	Define:   consumer,
	Computed: []string{"id", "created_at", "updated_at"},
}

// ConsumerGroup gathers consumers that plugins treat alike.
var ConsumerGroup = &Type{
	Name:       "consumer_groups",
	Singular:   "consumer_group",
	Resource:   "konnect_gateway_consumer_group",
	Title:      "consumer group",
	Path:       "core-entities/consumer_groups",
	Parent:     ControlPlane,
	Envelope:   "consumer_group",
	ID:         "id",
	NameFilter: "name",
	Key:        "name",
	KeyReads:   true,
	Unique:     []Unique{{Name: "name", Fields: []string{"name"}}},
	Limit:      1_000,
	Define:     consumerGroup,
	Computed:   []string{"id", "created_at", "updated_at"},
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

// Plugin is an instance of a bundled or custom plugin. Its internal fields tie
// an instance to the custom schema, the streamed or the cloned plugin that judged
// it, and to the link of a product version for which Konnect manages it.
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
		{Field: "partials", Target: "partials", OnDelete: Restrict},
		{Field: "plugin_schema", Target: "plugin_schemas", OnDelete: Restrict},
		{Field: "custom_plugin", Target: "custom_plugins", OnDelete: Restrict},
		{Field: "cloned_plugin", Target: "cloned_plugins", OnDelete: Restrict},
		{Field: "service_link", Target: "service_links", OnDelete: Cascade},
	},
	Internal: []string{"plugin_schema", "custom_plugin", "cloned_plugin", "service_link"},
	Limit:    10_000,
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

// Upstream is a set of addresses among which requests are balanced.
var Upstream = &Type{
	Name:       "upstreams",
	Singular:   "upstream",
	Resource:   "konnect_gateway_upstream",
	Title:      "upstream",
	Path:       "core-entities/upstreams",
	Parent:     ControlPlane,
	ID:         "id",
	NameFilter: "name",
	Key:        "name",
	Unique:     []Unique{{Name: "name", Fields: []string{"name"}}},
	References: []Reference{{Field: "client_certificate", Target: "certificates", OnDelete: Restrict}},
	Limit:      10_000,
	Define:     upstream,
	Normalize:  normalizeUpstream,
	Computed:   []string{"id", "created_at", "updated_at"},
}

// Target is one address of an upstream. The targets of all upstreams can be
// listed together; all other endpoints are below the upstream.
var Target = &Type{
	Name:        "targets",
	Singular:    "target",
	Resource:    "konnect_gateway_target",
	Title:       "target",
	Path:        "core-entities/targets",
	Parent:      ControlPlane,
	NestedBelow: []string{"upstreams"},
	Flat:        ListOnly,
	ID:          "id",
	Key:         "target",
	Unique:      []Unique{{Name: "upstream-target", Fields: []string{"upstream", "target"}}},
	References:  []Reference{{Field: "upstream", Target: "upstreams", OnDelete: Cascade}},
	Limit:       10_000,
	Define:      target,
	Normalize:   normalizeTarget,
	Computed:    []string{"id", "created_at", "updated_at"},
}

// Certificate is a certificate with its key. The server names of its snis are
// entities of their own.
var Certificate = &Type{
	Name:      "certificates",
	Singular:  "certificate",
	Resource:  "konnect_gateway_certificate",
	Title:     "certificate",
	Path:      "core-entities/certificates",
	Parent:    ControlPlane,
	ID:        "id",
	Limit:     1_000,
	Define:    certificate,
	Normalize: normalizeCertificate,
	Doubts:    expired("cert", "cert_alt"),
	Computed:  []string{"id", "created_at", "updated_at"},
	WriteOnly: []string{"vault", "vault_alt", "description", "managed_by"},
}

// CACertificate is the certificate of an authority, by which others are
// checked.
var CACertificate = &Type{
	Name:      "ca_certificates",
	Singular:  "ca_certificate",
	Resource:  "konnect_gateway_ca_certificate",
	Title:     "CA certificate",
	Path:      "core-entities/ca_certificates",
	Parent:    ControlPlane,
	ID:        "id",
	Unique:    []Unique{{Name: "cert_digest", Fields: []string{"cert_digest"}}},
	Define:    caCertificate,
	Normalize: normalizeCACertificate,
	Computed:  []string{"id", "cert_digest", "created_at", "updated_at"},
}

// SNI is a server name for which a certificate is shown. It is deleted with its
// certificate.
var SNI = &Type{
	Name:        "snis",
	Singular:    "sni",
	Resource:    "konnect_gateway_sni",
	Title:       "SNI",
	Path:        "core-entities/snis",
	Parent:      ControlPlane,
	NestedBelow: []string{"certificates"},
	ID:          "id",
	NameFilter:  "name",
	Key:         "name",
	Unique:      []Unique{{Name: "name", Fields: []string{"name"}}},
	References:  []Reference{{Field: "certificate", Target: "certificates", OnDelete: Cascade}},
	Limit:       1_000,
	Define:      sni,
	Computed:    []string{"id", "created_at", "updated_at"},
}

// Vault is a source of secrets, which other entities refer to.
var Vault = &Type{
	Name:     "vaults",
	Singular: "vault",
	Resource: "konnect_gateway_vault",
	Title:    "vault",
	Path:     "core-entities/vaults",
	Parent:   ControlPlane,
	ID:       "id",
	Key:      "prefix",
	Unique:   []Unique{{Name: "prefix", Fields: []string{"prefix"}}},
	Limit:    1_000,
	Define:   vault,
	Computed: []string{"id", "created_at", "updated_at"},
}

// KeySet gathers keys.
var KeySet = &Type{
	Name:       "key_sets",
	Singular:   "key_set",
	Resource:   "konnect_gateway_key_set",
	Title:      "key set",
	Path:       "core-entities/key-sets",
	Parent:     ControlPlane,
	ID:         "id",
	NameFilter: "name",
	Key:        "name",
	Unique:     []Unique{{Name: "name", Fields: []string{"name"}}},
	Define:     keySet,
	Computed:   []string{"id", "created_at", "updated_at"},
}

// AsymmetricKey is a public or private key, in a set or alone.
var AsymmetricKey = &Type{
	Name:        "keys",
	Singular:    "key",
	Resource:    "konnect_gateway_key",
	Title:       "key",
	Path:        "core-entities/keys",
	Parent:      ControlPlane,
	NestedBelow: []string{"key_sets"},
	ID:          "id",
	NameFilter:  "name",
	Key:         "name",
	Unique: []Unique{
		{Name: "name", Fields: []string{"name"}},
		{Name: "unique-kid-per-set", Fields: []string{"kid", "set"}, NullsEqual: true},
	},
	References: []Reference{{Field: "set", Target: "key_sets", OnDelete: Cascade}},
	Limit:      1_000,
	Define:     key,
	Shown:      showKey,
	Computed:   []string{"id", "created_at", "updated_at"},
}

// Partial is a part of a configuration that plugins share.
var Partial = &Type{
	Name:       "partials",
	Singular:   "partial",
	Resource:   "konnect_gateway_partial",
	Title:      "partial",
	Path:       "core-entities/partials",
	Parent:     ControlPlane,
	ID:         "id",
	NameFilter: "name",
	Unique:     []Unique{{Name: "name", Fields: []string{"name"}}},
	Define:     partial,
	Computed:   []string{"id", "created_at", "updated_at"},
}

// CustomPlugin is a plugin whose code the control plane hands to data planes.
var CustomPlugin = &Type{
	Name:        "custom_plugins",
	Singular:    "custom_plugin",
	Resource:    "konnect_gateway_custom_plugin_streaming",
	Title:       "streamed custom plugin",
	Path:        "core-entities/custom-plugins",
	Parent:      ControlPlane,
	ID:          "id",
	NameFilter:  "name",
	Key:         "name",
	Unique:      []Unique{{Name: "name", Fields: []string{"name"}}},
	Limit:       100,
	Define:      customPlugin,
	Computed:    []string{"id", "created_at", "updated_at"},
	KonnectOnly: true,
}

// ClonedPlugin is a bundled plugin under another name. What it does never
// changes: another name, ref or priority makes another clone.
var ClonedPlugin = &Type{
	Name:      "cloned_plugins",
	Singular:  "cloned_plugin",
	Resource:  "konnect_gateway_cloned_plugin",
	Title:     "cloned plugin",
	Path:      "core-entities/cloned-plugins",
	Parent:    ControlPlane,
	ID:        "id",
	Key:       "name",
	Unique:    []Unique{{Name: "name", Fields: []string{"name"}}},
	Define:    clonedPlugin,
	Computed:  []string{"id", "created_at", "updated_at"},
	Immutable: []string{"name", "ref", "priority"},
}

// Credentials are the ways in which consumers show who they are. They are
// created below their consumer and listed together.
var (
	ACL       = credentialType("acls", "acl", "ACL group", "acls", acl, Unique{Name: "acl-consumer-group", Fields: []string{"consumer", "group"}})
	BasicAuth = credentialType("basicauth_credentials", "basicauth_credential", "basic-auth credential", "basic-auth", basicAuth, Unique{Name: "username", Fields: []string{"username"}})
	HMACAuth  = credentialType("hmacauth_credentials", "hmacauth_credential", "hmac-auth credential", "hmac-auth", hmacAuth, Unique{Name: "username", Fields: []string{"username"}})
	JWT       = credentialType("jwt_secrets", "jwt_secret", "JWT credential", "jwt", jwt, Unique{Name: "key", Fields: []string{"key"}})
	KeyAuth   = credentialType("keyauth_credentials", "keyauth_credential", "key-auth credential", "key-auth", keyAuth, Unique{Name: "key", Fields: []string{"key"}})
	MTLSAuth  = credentialType("mtls_auth_credentials", "mtls_auth_credential", "mtls-auth credential", "mtls-auth", mtlsAuth,
		Unique{Name: "unique-subject-name-per-consumer", Fields: []string{"subject_name", "consumer", "ca_certificate"}, NullsEqual: true})
)

// credentialType is the row of a credential. nested is its path below a
// consumer; the path at the top is the plural of that.
func credentialType(name, singular, title, nested string, define func() schema.Def, unique Unique) *Type {
	t := &Type{
		Name:        name,
		Singular:    singular,
		Resource:    "konnect_gateway_" + strings.ReplaceAll(strings.TrimSuffix(nested, "s"), "-", "_"),
		Title:       title,
		Path:        "core-entities/" + strings.TrimSuffix(nested, "s") + "s",
		Parent:      ControlPlane,
		NestedBelow: []string{"consumers"},
		Nested:      nested,
		Flat:        ReadOnly,
		ID:          "id",
		Unique:      []Unique{unique},
		References:  []Reference{{Field: "consumer", Target: "consumers", OnDelete: Cascade}},
		Define:      define,
		Computed:    []string{"id", "created_at"},
		Limit:       50_000,
	}
	switch name {
	case "keyauth_credentials":
		t.Internal = []string{"expires_at"}
	case "mtls_auth_credentials":
		t.References = append(t.References, Reference{Field: "ca_certificate", Target: "ca_certificates", OnDelete: Cascade})
	}
	return t
}

// DegraphqlRoute is a URI that the plugin degraphql serves by a query. Routes are
// written below their service.
var DegraphqlRoute = &Type{
	Name:        "degraphql_routes",
	Singular:    "degraphql_route",
	Title:       "DeGraphQL route",
	Path:        "core-entities/degraphql_routes",
	Parent:      ControlPlane,
	NestedBelow: []string{"services"},
	Nested:      "degraphql/routes",
	Flat:        ReadOnly,
	ID:          "id",
	References:  []Reference{{Field: "service", Target: "services", OnDelete: Cascade}},
	Define:      degraphqlRoute,
	Computed:    []string{"id", "created_at", "updated_at"},
}

// CostDecoration is what the plugin graphql-rate-limiting-advanced counts for a
// node of a GraphQL schema, of one service or of all.
var CostDecoration = &Type{
	Name:        "graphql_ratelimiting_advanced_cost_decoration",
	Singular:    "graphql_cost_decoration",
	Title:       "GraphQL cost decoration",
	Path:        "core-entities/graphql-rate-limiting-advanced/costs",
	Parent:      ControlPlane,
	NestedBelow: []string{"services"},
	Nested:      "graphql-rate-limiting-advanced/costs",
	ID:          "id",
	References:  []Reference{{Field: "service", Target: "services", OnDelete: Cascade}},
	Define:      costDecoration,
	Computed:    []string{"id", "created_at", "updated_at"},
}

// DataPlaneCertificate allows data planes to connect.
var DataPlaneCertificate = &Type{
	Name:     "dp_client_certificates",
	Singular: "dp_client_certificate",
	Resource: "konnect_gateway_data_plane_client_certificate",
	Title:    "data plane certificate",
	Family:   Legacy,
	Path:     "dp-client-certificates",
	Parent:   ControlPlane,
	Envelope: "item",
	ID:       "id",
	Limit:    32,
	Define:   dataPlaneCertificate,
	Doubts:   expired("cert"),
	Computed: []string{"id", "created_at", "updated_at"},
}

// ConfigStore is a place for secrets in the control plane.
var ConfigStore = &Type{
	Name:     "config_stores",
	Singular: "config_store",
	Resource: "konnect_gateway_config_store",
	Title:    "config store",
	Family:   Platform,
	Path:     "config-stores",
	Parent:   ControlPlane,
	ID:       "id",
	Define:   configStore,
	Computed: []string{"id", "created_at", "updated_at"},
}

// ConfigStoreSecret is a secret of a config store. Its key is its address; the
// id is the server's own, since keys are unique in their store only.
var ConfigStoreSecret = &Type{
	Name:       "config_store_secrets",
	Singular:   "config_store_secret",
	Resource:   "konnect_gateway_config_store_secret",
	Title:      "config store secret",
	Family:     Platform,
	Path:       "secrets",
	Parent:     ConfigStore,
	ID:         "id",
	Key:        "key",
	Unique:     []Unique{{Name: "key", Fields: []string{"config_store", "key"}}},
	References: []Reference{{Field: "config_store", Target: "config_stores", OnDelete: Restrict}},
	Define:     configStoreSecret,
	Computed:   []string{"created_at", "updated_at"},
	Internal:   []string{"id", "config_store"},
	WriteOnly:  []string{"value"},
	Immutable:  []string{"key"},
}

// GroupMember says that a control plane belongs to a control plane group. Its
// endpoints are irregular: those of the group read and change lists of members.
var GroupMember = &Type{
	Name:     "group_memberships",
	Singular: "group_membership",
	Title:    "control plane group membership",
	Family:   Platform,
	Path:     "group-memberships",
	ID:       "id",
	Unique:   []Unique{{Name: "member-in-group", Fields: []string{"member", "group"}}},
	References: []Reference{
		{Field: "member", Target: "control_planes", OnDelete: Cascade},
		{Field: "group", Target: "control_planes", OnDelete: Restrict},
	},
	Define:    groupMember,
	Immutable: []string{"member", "group"},
}

// Realm is a place for consumers that several control planes share.
var Realm = &Type{
	Name:     "realms",
	Singular: "realm",
	Resource: "konnect_realm",
	Title:    "realm",
	Family:   Platform,
	Path:     "v1/realms",
	ID:       "id",
	Define:   realm,
	Computed: []string{"id", "created_at", "updated_at"},
}

// RealmConsumer is a consumer of a realm.
var RealmConsumer = &Type{
	Name:     "realm_consumers",
	Singular: "realm_consumer",
	Role:     "consumer",
	Resource: "konnect_centralized_consumer",
	Title:    "realm consumer",
	Family:   Platform,
	Path:     "consumers",
	Parent:   Realm,
	ID:       "id",
	Unique: []Unique{
		{Name: "username", Fields: []string{"username"}},
		{Name: "custom_id", Fields: []string{"custom_id"}},
	},
	Define:    realmConsumer,
	Normalize: normalizeRealmConsumer,
	Computed:  []string{"id", "created_at", "updated_at"},
}

// RealmKey is a key of a consumer of a realm. Only a digest of its secret is
// kept.
var RealmKey = &Type{
	Name:       "realm_keys",
	Singular:   "realm_key",
	Resource:   "konnect_centralized_consumer_key",
	Title:      "realm key",
	Family:     Platform,
	Path:       "keys",
	Parent:     RealmConsumer,
	ID:         "id",
	Unique:     []Unique{{Name: "secret", Fields: []string{"secret_digest"}}},
	References: []Reference{{Field: "consumer", Target: "realm_consumers", OnDelete: Cascade}},
	Define:     realmKey,
	Computed:   []string{"id", "created_at", "updated_at"},
	Internal:   []string{"consumer", "secret_digest"},
	WriteOnly:  []string{"secret"},
	Immutable:  []string{"type", "secret", "tags"},
}

// APIProduct is a product that portals show: versions of an API with documents.
var APIProduct = &Type{
	Name:        "api_products",
	Singular:    "api_product",
	Title:       "API product",
	Family:      Platform,
	Path:        "v2/api-products",
	ID:          "id",
	NameFilter:  "name",
	Define:      apiProduct,
	DefineReply: apiProductReply,
	Merged:      []string{"labels", "public_labels"},
	Nullable:    []string{"description"},
	Computed:    []string{"id", "portals", "version_count", "created_at", "updated_at"},
}

// APIProductDocument is a page about a product. Pages form a tree, in which
// siblings have different slugs.
var APIProductDocument = &Type{
	Name:        "api_product_documents",
	Singular:    "api_product_document",
	Title:       "API product document",
	Family:      Platform,
	Path:        "documents",
	NestedBelow: []string{"api_products"},
	Flat:        Nowhere,
	ID:          "id",
	Unique:      []Unique{{Name: "slug", Fields: []string{"api_product", "parent_document_id", "slug"}, NullsEqual: true}},
	References: []Reference{
		{Field: "api_product", Target: "api_products", OnDelete: Cascade},
		{Field: "parent_document_id", Target: "api_product_documents", OnDelete: Cascade},
	},
	Define:      document,
	DefineReply: documentReply,
	Normalize:   lowerIDs("parent_document_id"),
	Nullable:    []string{"parent_document_id"},
	Computed:    []string{"id", "ast", "created_at", "updated_at"},
	Internal:    []string{"api_product"},
}

// APIProductVersion is a version of a product, which a service may implement.
var APIProductVersion = &Type{
	Name:        "api_product_versions",
	Singular:    "api_product_version",
	Title:       "API product version",
	Family:      Platform,
	Path:        "product-versions",
	NestedBelow: []string{"api_products"},
	Flat:        Nowhere,
	ID:          "id",
	NameFilter:  "name",
	Unique:      []Unique{{Name: "name", Fields: []string{"api_product", "name"}}},
	References:  []Reference{{Field: "api_product", Target: "api_products", OnDelete: Cascade}},
	Define:      productVersion,
	DefineReply: productVersionReply,
	Normalize:   normalizeProductVersion,
	Merged:      []string{"labels"},
	Nullable:    []string{"gateway_service"},
	Computed:    []string{"id", "portals", "created_at", "updated_at"},
	Internal:    []string{"api_product"},
}

// APIProductSpecification is the description of a version, of which it has one
// at most.
var APIProductSpecification = &Type{
	Name:        "api_product_specifications",
	Singular:    "api_product_specification",
	Title:       "API product specification",
	Family:      Platform,
	Path:        "specifications",
	NestedBelow: []string{"api_product_versions"},
	Flat:        Nowhere,
	ID:          "id",
	NameFilter:  "name",
	Unique:      []Unique{{Name: "version", Fields: []string{"api_product_version"}}},
	References:  []Reference{{Field: "api_product_version", Target: "api_product_versions", OnDelete: Cascade}},
	Define:      specification,
	Computed:    []string{"id", "created_at", "updated_at"},
	Internal:    []string{"api_product_version"},
}

// ServiceLink connects a product version with the service that implements it,
// and has the version's id. A service implements one version at most. It lives
// in the control plane of the service and has no endpoints.
var ServiceLink = &Type{
	Name:       "service_links",
	Singular:   "service_link",
	Title:      "link of a product version to a service",
	Family:     Platform,
	Parent:     ControlPlane,
	Flat:       Nowhere,
	ID:         "id",
	Unique:     []Unique{{Name: "service", Fields: []string{"service"}}},
	References: []Reference{{Field: "service", Target: "services", OnDelete: Cascade}},
	Define:     serviceLink,
}

// DCRProvider is an identity provider that registers applications.
var DCRProvider = &Type{
	Name:        "dcr_providers",
	Singular:    "dcr_provider",
	Title:       "DCR provider",
	Family:      Platform,
	Path:        "v2/dcr-providers",
	ID:          "id",
	NameFilter:  "name",
	Define:      dcrProvider,
	DefineReply: dcrProviderReply,
	Merged:      []string{"labels", "dcr_config"},
	Immutable:   []string{"provider_type"},
	Computed:    []string{"id", "active", "created_at", "updated_at"},
}

// AuthStrategy is a way in which applications authenticate.
var AuthStrategy = &Type{
	Name:        "auth_strategies",
	Singular:    "auth_strategy",
	Title:       "application auth strategy",
	Family:      Platform,
	Path:        "v2/application-auth-strategies",
	ID:          "id",
	NameFilter:  "name",
	References:  []Reference{{Field: "dcr_provider_id", Target: "dcr_providers", OnDelete: Restrict}},
	Define:      authStrategy,
	DefineReply: authStrategyReply,
	Merged:      []string{"labels", "configs"},
	Nullable:    []string{"dcr_provider"},
	Immutable:   []string{"strategy_type"},
	Computed:    []string{"id", "active", "supports_multiple_credentials", "dcr_provider", "created_at", "updated_at"},
}

// PortalProductVersion is a product version in a portal. Portals themselves are
// not stored: any id is that of a portal.
var PortalProductVersion = &Type{
	Name:     "portal_product_versions",
	Singular: "portal_product_version",
	Title:    "product version of a portal",
	Family:   Platform,
	Path:     "v2/portals/{portalId}/product-versions",
	ID:       "id",
	Unique:   []Unique{{Name: "product_version_id", Fields: []string{"portal_id", "product_version_id"}}},
	References: []Reference{
		{Field: "product_version_id", Target: "api_product_versions", OnDelete: Cascade},
		{Field: "auth_strategy_ids", Target: "auth_strategies", OnDelete: Restrict},
	},
	Define:      portalProductVersion,
	DefineReply: portalProductVersionReply,
	Normalize:   lowerIDs("product_version_id"),
	Immutable:   []string{"product_version_id"},
	Computed:    []string{"id", "auth_strategies", "created_at", "updated_at"},
	Internal:    []string{"portal_id"},
}

// Table is a list of rows. Each row comes after its parent and the other rows
// that it refers to.
type Table []*Type

// Types returns the rows of the table of Konnect.
func Types() Table {
	return Table{
		ControlPlane,
		GroupMember,
		Realm,
		RealmConsumer,
		RealmKey,
		APIProduct,
		APIProductDocument,
		APIProductVersion,
		APIProductSpecification,
		DCRProvider,
		AuthStrategy,
		PortalProductVersion,
		DataPlaneCertificate,
		ConfigStore,
		ConfigStoreSecret,
		CACertificate,
		Certificate,
		SNI,
		Service,
		ServiceLink,
		Route,
		Consumer,
		ConsumerGroup,
		ConsumerGroupMember,
		ACL,
		BasicAuth,
		HMACAuth,
		JWT,
		KeyAuth,
		MTLSAuth,
		PluginSchema,
		CustomPlugin,
		ClonedPlugin,
		Partial,
		Plugin,
		DegraphqlRoute,
		CostDecoration,
		Upstream,
		Target,
		Vault,
		KeySet,
		AsymmetricKey,
		Token,
	}
}

// Named returns the row of that name in the table of Konnect, or nil.
func Named(name string) *Type { return Types().Named(name) }

// Named returns the row of that name, or nil.
func (t Table) Named(name string) *Type {
	for _, row := range t {
		if row.Name == name {
			return row
		}
	}
	return nil
}

// Core are the rows with collections in the dialect of core entities.
func (t Table) Core() Table {
	return t.those(func(row *Type) bool { return row.Family == Core && row.Parent == ControlPlane })
}

// Gateway are the rows of which the configuration of a gateway consists.
func (t Table) Gateway() Table {
	return t.Core().those(func(row *Type) bool { return !row.KonnectOnly })
}

func (t Table) those(wanted func(*Type) bool) Table {
	return slices.DeleteFunc(slices.Clone(t), func(row *Type) bool { return !wanted(row) })
}

// Limits are how many of each type Konnect takes by default, see [Type].Limit.
func (t Table) Limits() map[*Type]int {
	limits := map[*Type]int{}
	for _, row := range t {
		if row.Limit > 0 {
			limits[row] = row.Limit
		}
	}
	return limits
}

// referred are entities without a row that plugin schemas refer to. The plugin
// brings them along; only their id matters here.
var referred = []*Type{
	{Name: "vault_auth_vaults", Define: onlyID("vault_auth_vaults")}, // of the plugin vault-auth
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
