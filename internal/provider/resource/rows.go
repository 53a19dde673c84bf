package resource

import (
	"slices"
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/document"
	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/provider/attribute"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// row is what the provider says about one resource beyond its row in the
// entity table: the shape of the published resource where no rule gives it,
// and words for people. A regular entity is one literal.
type row struct {
	Name    string // of the resource type
	Type    *entity.Type
	summary string

	sources   map[string]string        // attributes that follow from another one, with that
	unshown   []string                 // attributes of which answers show something else than what was written
	hashed    func(doc map[string]any) // puts hashes in place of values that answers show as such; nil for most
	addresses []string                 // attributes that are part of its address, besides the ids of its parents
	facts     attribute.Facts
	extra     func() []*attribute.Attribute // attributes that no field stands for
	dynamic   string                        // the dynamic attribute that users write, if any
	Plugin    string                        // the plugin that a typed resource is for

	behaviour
}

// rows returns the resources in the order in which they are documented.
func rows() []row {
	return []row{
		controlPlaneRow(),
		{
			Type:    entity.Service,
			summary: "A gateway service: an upstream application that routes lead to.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"ca_certificates":    {Description: "IDs of the CA certificates that the upstream's certificate is checked against."},
				"client_certificate": {Description: "The certificate that the gateway presents to the upstream."},
				"connect_timeout":    {Description: "Milliseconds to wait for a connection to the upstream."},
				"enabled":            {Description: "Whether requests are passed on; a disabled service answers as if it were not there."},
				"host":               {Description: "Host name or address of the upstream, without port and path, or the name of an upstream entity."},
				"name":               {Description: "Name of the service, unique in its control plane."},
				"path":               {Description: "Path that requests get in front of their own."},
				"port":               {Description: "Port of the upstream."},
				"protocol":           {Description: "Protocol spoken with the upstream."},
				"read_timeout":       {Description: "Milliseconds to wait between two reads from the upstream."},
				"retries":            {Description: "How often a failed request is passed on again."},
				"tls_sans":           {Mode: attribute.Optional | attribute.Computed, Description: "Names that the upstream's certificate may carry besides the host."},
				"tls_sans.dnsnames":  {Description: "DNS names."},
				"tls_sans.uris":      {Description: "URIs."},
				"tls_verify":         {Description: "Whether the upstream's certificate is checked. Left out, the gateway's own setting counts."},
				"tls_verify_depth":   {Description: "Longest chain of certificates that is accepted."},
				"write_timeout":      {Description: "Milliseconds to wait between two writes to the upstream."},
			}},
		},
		{
			Type: entity.Route,
			summary: "A gateway route: sends the requests that match it to a service. A route is live as soon as it exists; " +
				"put plugins that must not be missed on its service, or let the route depend on them. " +
				"Routes with an `expression` are a resource of their own, `konnect_gateway_route_expression`.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"destinations":               {Description: "Destinations of TCP and TLS connections that match."},
				"destinations.ip":            {Description: "Address or CIDR range."},
				"destinations.port":          {Description: "Port."},
				"headers":                    {Description: "Headers that match, each with its values. `host` is not one of them, use `hosts`."},
				"hosts":                      {Description: "Host names that match; `*` stands for a first or last part."},
				"https_redirect_status_code": {Description: "Status that asks for HTTPS when a request came by HTTP."},
				"methods":                    {Description: "HTTP methods that match."},
				"name":                       {Description: "Name of the route, unique in its control plane."},
				"path_handling":              {Description: "How the service's path, the route's path and the request's path are put together."},
				"paths":                      {Description: "Paths that match: a prefix that begins with `/`, or a regular expression after `~`."},
				"preserve_host":              {Description: "Whether the upstream sees the host name of the request."},
				"protocols":                  {Description: "Protocols that match."},
				"regex_priority":             {Description: "Which of several regular expressions wins: the higher number."},
				"request_buffering":          {Description: "Whether a request is read to its end before it is passed on."},
				"response_buffering":         {Description: "Whether a response is read to its end before it is passed on."},
				"service":                    {Description: "The service that requests go to."},
				"snis":                       {Description: "Server names of TLS connections that match."},
				"sources":                    {Description: "Sources of TCP and TLS connections that match."},
				"sources.ip":                 {Description: "Address or CIDR range."},
				"sources.port":               {Description: "Port."},
				"strip_path":                 {Description: "Whether the part of the path that matched is taken off."},
			}},
		},
		{
			Type:    entity.Consumer,
			summary: "A consumer: somebody or something that uses the services. It has a `username`, a `custom_id`, or both.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"custom_id": {Description: "ID of the consumer in a system of your own, unique in the control plane."},
				"username":  {Description: "Name of the consumer, unique in the control plane."},
			}},
		},
		{
			Type:    entity.ConsumerGroup,
			summary: "A consumer group: consumers that plugins treat alike.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"name": {Description: "Name of the group, unique in its control plane."},
			}},
		},
		{
			Type:      entity.ConsumerGroupMember,
			summary:   "The membership of one consumer in one consumer group. Memberships do not know of each other: a consumer may be in several groups.",
			addresses: []string{"consumer_id"},
			extra: func() []*attribute.Attribute {
				return []*attribute.Attribute{{Name: "consumer_id", Mode: attribute.Optional, Form: attribute.FormString, Replace: true, Description: "ID of the consumer. Required."}}
			},
			behaviour: member{regular{entity.ConsumerGroupMember}},
		},
		{
			Type: entity.PluginSchema,
			summary: "The schema of a custom plugin, as the `schema.lua` of the plugin. The plugin's code itself goes onto the data planes. " +
				"The text is run and checked when a plan is made; `name` is taken from it and is known then, so that plugins of the same " +
				"configuration can refer to it and are checked against it.",
			facts: attribute.Facts{At: map[string]attribute.Fact{
				"name":       {Mode: attribute.Computed, Replace: true, Description: "Name of the plugin, as the Lua text says. Another name is another schema."},
				"lua_schema": {Description: "Lua text of the schema. It may `require` only what Kong offers to schemas, such as `kong.db.schema.typedefs`."},
				"created_at": {Mode: attribute.Computed},
				"updated_at": {Mode: attribute.Computed},
			}},
			sources:   map[string]string{"name": "lua_schema"},
			behaviour: pluginSchema{regular{entity.PluginSchema}},
		},
		{
			Type: entity.ClonedPlugin,
			summary: "A clone: a bundled plugin under a second name, so that one scope can have two instances of it. Its instances are " +
				"`konnect_gateway_plugin` with that name, checked by the schema of the plugin that `ref` names. " +
				"Data planes know clones from version 3.15 on. A control plane takes five clones of one plugin.",
			facts: attribute.Facts{SetsAreLists: true, At: map[string]attribute.Fact{
				"name":     {Description: "Name of the clone, which no other plugin of the control plane may have, bundled ones included. Another name is another clone."},
				"ref":      {Description: "Name of the bundled plugin. Another one is another clone."},
				"priority": {Description: "Priority among plugins: the higher number runs first. Left out, it is that of `ref`. Another one is another clone."},
			}},
			behaviour: clonedPlugin{regular{entity.ClonedPlugin}},
		},
		pluginRow("konnect_gateway_custom_plugin", "An instance of any plugin, custom or bundled, with a free-form `config` that is checked against the plugin's schema "+
			"when a plan is made: a key that the schema does not know is an error."),
		pluginRow("konnect_gateway_plugin", "An instance of any plugin, bundled or custom, with a free-form `config` that is checked against the plugin's schema "+
			"when a plan is made: a key that the schema does not know is an error. It is `konnect_gateway_custom_plugin` under a plainer name; "+
			"`moved` blocks lead from one to the other."),
	}
}

func controlPlaneRow() row {
	settings := map[string]attribute.Fact{
		"id":          {Mode: attribute.Computed},
		"name":        {Description: "Name of the control plane, unique in the organisation and region."},
		"description": {Description: "What the control plane is for."},
		"labels":      {Sticky: true, Description: "Labels to find the control plane by. Left out, labels stay as they are; `{}` removes all."},
		"auth_type":   {Mode: attribute.Optional, Description: "How data planes prove who they are: by a pinned certificate, or by one that a CA has signed."},
		"cluster_type": {
			Mode: attribute.Optional, Sticky: true, Replace: true,
			Aliases:     map[string]string{retiredClusterType: "CLUSTER_TYPE_CONTROL_PLANE"},
			Description: "Kind of control plane. Another kind is another control plane.",
		},
		"cloud_gateway": {
			Mode: attribute.Optional, Sticky: true, Replace: true,
			Description: "Whether its data planes run in dedicated cloud gateways. To change it makes another control plane.",
		},
		"proxy_urls":          {Mode: attribute.Optional, Form: attribute.FormSet, Description: "Addresses at which the data planes can be reached."},
		"proxy_urls.host":     {Description: "Host name."},
		"proxy_urls.port":     {Description: "Port."},
		"proxy_urls.protocol": {Description: "Protocol."},
	}
	return row{
		Type:      entity.ControlPlane,
		summary:   "A control plane: the root of all gateway entities.",
		facts:     attribute.Facts{SetsAreLists: true, At: settings},
		extra:     controlPlaneConfig,
		behaviour: controlPlane{patched{regular{entity.ControlPlane}}},
	}
}

// controlPlaneConfig is the part of answers that repeats the settings and adds
// the addresses for data planes.
func controlPlaneConfig() []*attribute.Attribute {
	f := entity.ControlPlane.ReplySchema().Field("config")
	a := attribute.Derivation{Facts: attribute.Facts{At: map[string]attribute.Fact{
		"config":                        {Mode: attribute.Computed, Description: "What the control plane tells data planes, and its settings as they are."},
		"config.control_plane_endpoint": {Description: "Address at which data planes get their configuration."},
		"config.telemetry_endpoint":     {Description: "Address to which data planes send telemetry."},
		"config.auth_type":              {Description: "How data planes prove who they are."},
		"config.cluster_type":           {Description: "Kind of control plane."},
		"config.cloud_gateway":          {Description: "Whether its data planes run in dedicated cloud gateways."},
		"config.proxy_urls":             {Form: attribute.FormSet, Description: "Addresses at which the data planes can be reached."},
		"config.proxy_urls.host":        {Description: "Host name."},
		"config.proxy_urls.port":        {Description: "Port."},
		"config.proxy_urls.protocol":    {Description: "Protocol."},
	}}}.Field(f, "config")
	a.OnlyComputed()
	for _, c := range a.Children {
		if entity.ControlPlane.ReplyPaths[c.Key] != "" {
			c.Mirror = c.Key
			c.Sticky = c.Key == "cluster_type" || c.Key == "cloud_gateway"
		}
	}
	return []*attribute.Attribute{a}
}

// effectiveConfig is the attribute with the whole configuration of a plugin.
const effectiveConfig = "effective_config"

func pluginRow(name, summary string) row {
	return row{
		Name:    name,
		Type:    entity.Plugin,
		summary: summary,
		dynamic: "config",
		facts:   attribute.Facts{SetsAreLists: true, At: pluginFacts()},
		extra: func() []*attribute.Attribute {
			return []*attribute.Attribute{{
				Name: effectiveConfig, Key: "config", Mode: attribute.Computed, Form: attribute.FormDynamic,
				Description: "The whole configuration, with every default. `config` may hold secrets, whose marks a copy loses: so what can be one, any text of " +
					"your own, reads `" + document.Concealed + "`.",
			}}
		},
		behaviour: plugin{regular{entity.Plugin}},
	}
}

// pluginFacts are the shapes of the attributes that surround a plugin's
// configuration, in the resource that takes any plugin.
func pluginFacts() map[string]attribute.Fact {
	either := attribute.Optional | attribute.Computed
	scope := func(who string) attribute.Fact {
		return attribute.Fact{Description: "The " + who + " to which the plugin is limited."}
	}
	return map[string]attribute.Fact{
		"id":                     {Mode: attribute.Computed},
		"created_at":             {Mode: attribute.Computed},
		"updated_at":             {Mode: attribute.Computed},
		"name":                   {Replace: true, Description: "Name of the plugin, such as `rate-limiting`. Another plugin is another instance."},
		"instance_name":          {Mode: either, Description: "Name of this instance, unique in the control plane."},
		"tags":                   {Mode: either},
		"enabled":                {Description: "Whether the plugin runs."},
		"protocols":              {Mode: either, Description: "Protocols of the requests that the plugin sees. Left out, those that the plugin's schema gives."},
		"service":                scope("service"),
		"route":                  scope("route"),
		"consumer":               scope("consumer"),
		"consumer_group":         scope("consumer group"),
		"ordering":               {Mode: either, Description: "Plugins that this one runs before or after, where its priority says otherwise."},
		"ordering.before":        {Mode: either, Description: "Plugins that this one runs before."},
		"ordering.before.access": {Mode: either, Description: "Names of plugins, in the access phase."},
		"ordering.after":         {Mode: either, Description: "Plugins that this one runs after."},
		"ordering.after.access":  {Mode: either, Description: "Names of plugins, in the access phase."},
		"condition":              {Description: "Expression that a request must meet for the plugin to run, in the Common Expression Language: `http.method == \"GET\"`. Data planes read it from version 3.15 on."},
		"partials":               {Description: "Partials that supply parts of the configuration."},
		"partials.id":            {Mode: either, Description: "ID of the partial. Required."},
		"partials.name":          {Mode: either, Served: true, Description: "Name of the partial."},
		"partials.path":          {Mode: either, Served: true, Description: "Part of the configuration that it supplies, such as `config.redis`. Left out, the part that takes partials of its kind."},
		"config": {
			Mode: attribute.Required, Form: attribute.FormDynamic,
			Description: "Configuration of the plugin: an object with the keys of its schema, or `jsonencode` of one. What is left out gets its default; see `" + effectiveConfig + "`.",
		},
	}
}

// attributes derives the attribute tree of a row.
func (r row) attributes(load loader) *attribute.Attribute {
	root := &attribute.Attribute{Form: attribute.FormObject, Description: r.summary}
	for _, p := range parentsOf(r.Type) {
		root.Children = append(root.Children, &attribute.Attribute{
			Name: p, Mode: attribute.Required, Form: attribute.FormString, Replace: true,
			Description: "ID of the " + r.parentTitle(p) + ". Another one is another object.",
		})
	}
	switch {
	case r.Plugin != "":
		r.typed(root, load)
	case r.Type == entity.Partial:
		r.partial(root)
	case r.Type != entity.ConsumerGroupMember:
		root.Children = append(root.Children, r.fields(r.Type.Schema())...)
	}
	if r.extra != nil {
		root.Children = append(root.Children, r.extra()...)
	}
	withAllTags(root)
	return root
}

// fields derives what stands for the fields of the entity's own schema.
func (r row) fields(s *schema.Schema) []*attribute.Attribute {
	children := attribute.Derivation{Facts: r.facts.With(common)}.Record(s, "")
	for _, c := range children {
		if c.Key == "id" || slices.Contains(r.Type.Immutable, c.Key) {
			c.Replace = true
			if c.Twin != nil {
				c.Twin.Version.Replace = true
				c.Twin.Version.Description += " That is another object."
			}
		}
		c.Source = r.sources[c.Name]
	}
	return children
}

// common is said of the fields that many entities share.
var common = map[string]attribute.Fact{
	"id":         {Description: "ID. Chosen by the provider unless given; a change makes another object."},
	"created_at": {Description: "Time of creation, in Unix seconds."},
	"updated_at": {Description: "Time of the last change, in Unix seconds."},
	"tags":       {Description: "Tags to group and filter by."},
}

// All returns the resources of Konnect by type name.
var All = sync.OnceValue(func() map[string]*Resource { return Of(entity.Types()) })

// Of returns the resources of a table by type name. They hold nothing of a
// session: all servers of a process share them and what is derived for them.
func Of(types entity.Table) map[string]*Resource {
	out := map[string]*Resource{}
	add := func(r row) {
		if r.Name == "" {
			r.Name = r.Type.Resource
		}
		if r.behaviour == nil {
			r.behaviour = regular{r.Type}
		}
		out[r.Name] = &Resource{row: r, parents: parentsOf(r.Type)}
	}
	for _, r := range slices.Concat(rows(), []row{membershipRow(), streamedPluginRow(), partialRow()}, realmRows(), upstreamRows(), credentialRows(), certificateRows(), typedRows()) {
		add(r)
	}
	for _, t := range types {
		if t.Resource != "" && out[t.Resource] == nil {
			add(row{Type: t, summary: "A " + t.Title + ".", facts: attribute.Facts{SetsAreLists: true}})
		}
	}
	return out
}

// parentsOf are the attributes with the ids of what an entity belongs to, from
// the root down.
func parentsOf(t *entity.Type) (names []string) {
	for _, owner := range t.Owners() {
		names = append(names, owner.ParentAttribute())
	}
	return names
}

// Bundled returns the catalog of bundled plugins. A process needs one.
var Bundled = sync.OnceValue(func() *plugins.Set { return plugins.Bundled(entity.Plugin.Schema(), entity.Schemas) })

// loader returns a bundled plugin.
type loader func(name string) (*plugins.Plugin, error)

// lasting is a loader for what will be used again, and passing for what will not.
func lasting(name string) (*plugins.Plugin, error) { return Bundled().Load(name) }

func passing(name string) (*plugins.Plugin, error) {
	return plugins.Read(name, entity.Plugin.Schema(), entity.Schemas)
}
