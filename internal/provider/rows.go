package provider

import (
	"sync"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/plugins"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// row is what the provider says about one resource beyond its row in the
// entity table: the shape of the published resource where no rule gives it,
// and words for people. A regular entity is one literal.
type row struct {
	name    string // of the resource type
	typ     *entity.Type
	summary string

	// parents are the attributes with the ids of what it belongs to, from the
	// root down; addresses are further ones that the document does not hold.
	parents   []string
	addresses []string
	facts     facts
	extra     func() []*attribute // attributes that no field stands for
	dynamic   string              // the dynamic attribute that users write, if any
	plugin    string              // the plugin that a typed resource is for

	behaviour
}

// rows returns the resources in the order in which they are documented.
func rows() []row {
	return []row{
		controlPlaneRow(),
		{
			typ:     entity.Service,
			summary: "A gateway service: an upstream application that routes lead to.",
			parents: inControlPlane,
			facts: facts{setsAreLists: true, at: map[string]fact{
				"ca_certificates":    {description: "IDs of the CA certificates that the upstream's certificate is checked against."},
				"client_certificate": {description: "The certificate that the gateway presents to the upstream."},
				"connect_timeout":    {description: "Milliseconds to wait for a connection to the upstream."},
				"enabled":            {description: "Whether requests are passed on; a disabled service answers as if it were not there."},
				"host":               {description: "Host name or address of the upstream, without port and path, or the name of an upstream entity."},
				"name":               {description: "Name of the service, unique in its control plane."},
				"path":               {description: "Path that requests get in front of their own."},
				"port":               {description: "Port of the upstream."},
				"protocol":           {description: "Protocol spoken with the upstream."},
				"read_timeout":       {description: "Milliseconds to wait between two reads from the upstream."},
				"retries":            {description: "How often a failed request is passed on again."},
				"tls_sans":           {mode: optional | computed, description: "Names that the upstream's certificate may carry besides the host."},
				"tls_sans.dnsnames":  {description: "DNS names."},
				"tls_sans.uris":      {description: "URIs."},
				"tls_verify":         {description: "Whether the upstream's certificate is checked. Left out, the gateway's own setting counts."},
				"tls_verify_depth":   {description: "Longest chain of certificates that is accepted."},
				"write_timeout":      {description: "Milliseconds to wait between two writes to the upstream."},
			}},
		},
		{
			typ: entity.Route,
			summary: "A gateway route: sends the requests that match it to a service. A route is live as soon as it exists; " +
				"put plugins that must not be missed on its service, or let the route depend on them. " +
				"Routes with an `expression` are a resource of their own, `konnect_gateway_route_expression`.",
			parents: inControlPlane,
			facts: facts{setsAreLists: true, at: map[string]fact{
				"destinations":               {description: "Destinations of TCP and TLS connections that match."},
				"destinations.ip":            {description: "Address or CIDR range."},
				"destinations.port":          {description: "Port."},
				"headers":                    {description: "Headers that match, each with its values. `host` is not one of them, use `hosts`."},
				"hosts":                      {description: "Host names that match; `*` stands for a first or last part."},
				"https_redirect_status_code": {description: "Status that asks for HTTPS when a request came by HTTP."},
				"methods":                    {description: "HTTP methods that match."},
				"name":                       {description: "Name of the route, unique in its control plane."},
				"path_handling":              {description: "How the service's path, the route's path and the request's path are put together."},
				"paths":                      {description: "Paths that match: a prefix that begins with `/`, or a regular expression after `~`."},
				"preserve_host":              {description: "Whether the upstream sees the host name of the request."},
				"protocols": {
					description: "Protocols that match.",
					older:       []any{[]any{"http", "https"}}, // up to gateway 3.13
				},
				"regex_priority":     {description: "Which of several regular expressions wins: the higher number."},
				"request_buffering":  {description: "Whether a request is read to its end before it is passed on."},
				"response_buffering": {description: "Whether a response is read to its end before it is passed on."},
				"service":            {description: "The service that requests go to."},
				"snis":               {description: "Server names of TLS connections that match."},
				"sources":            {description: "Sources of TCP and TLS connections that match."},
				"sources.ip":         {description: "Address or CIDR range."},
				"sources.port":       {description: "Port."},
				"strip_path":         {description: "Whether the part of the path that matched is taken off."},
			}},
		},
		{
			typ:     entity.Consumer,
			summary: "A consumer: somebody or something that uses the services. It has a `username`, a `custom_id`, or both.",
			parents: inControlPlane,
			facts: facts{setsAreLists: true, at: map[string]fact{
				"custom_id": {description: "ID of the consumer in a system of your own, unique in the control plane."},
				"username":  {description: "Name of the consumer, unique in the control plane."},
			}},
		},
		{
			typ:     entity.ConsumerGroup,
			summary: "A consumer group: consumers that plugins treat alike.",
			parents: inControlPlane,
			facts: facts{setsAreLists: true, at: map[string]fact{
				"name": {description: "Name of the group, unique in its control plane."},
			}},
		},
		{
			typ:       entity.ConsumerGroupMember,
			summary:   "The membership of one consumer in one consumer group. Memberships do not know of each other: a consumer may be in several groups.",
			parents:   []string{"control_plane_id", "consumer_group_id"},
			addresses: []string{"consumer_id"},
			extra: func() []*attribute {
				return []*attribute{{name: "consumer_id", mode: optional, form: formString, replace: true, description: "ID of the consumer. Required."}}
			},
			behaviour: member{regular{entity.ConsumerGroupMember}},
		},
		{
			typ: entity.PluginSchema,
			summary: "The schema of a custom plugin, as the `schema.lua` of the plugin. The plugin's code itself goes onto the data planes. " +
				"The text is run and checked when a plan is made; `name` is taken from it and is known then, so that plugins of the same " +
				"configuration can refer to it and are checked against it.",
			parents: inControlPlane,
			facts: facts{at: map[string]fact{
				"name":       {mode: computed, replace: true, description: "Name of the plugin, as the Lua text says. Another name is another schema."},
				"lua_schema": {description: "Lua text of the schema. It may `require` only what Kong offers to schemas, such as `kong.db.schema.typedefs`."},
				"created_at": {mode: computed},
				"updated_at": {mode: computed},
			}},
			behaviour: pluginSchema{regular{entity.PluginSchema}},
		},
		pluginRow("konnect_gateway_custom_plugin", "An instance of any plugin, custom or bundled, with a free-form `config` that is checked against the plugin's schema "+
			"when a plan is made: a key that the schema does not know is an error."),
		pluginRow("konnect_gateway_plugin", "An instance of any plugin, bundled or custom, with a free-form `config` that is checked against the plugin's schema "+
			"when a plan is made: a key that the schema does not know is an error. It is `konnect_gateway_custom_plugin` under a plainer name; "+
			"`moved` blocks lead from one to the other."),
	}
}

var inControlPlane = []string{"control_plane_id"}

func controlPlaneRow() row {
	settings := map[string]fact{
		"id":          {mode: computed},
		"name":        {description: "Name of the control plane, unique in the organisation and region."},
		"description": {description: "What the control plane is for."},
		"labels":      {sticky: true, description: "Labels to find the control plane by. Left out, labels stay as they are; `{}` removes all."},
		"auth_type":   {mode: optional, description: "How data planes prove who they are: by a pinned certificate, or by one that a CA has signed."},
		"cluster_type": {
			mode: optional, sticky: true, replace: true,
			aliases:     map[string]string{retiredClusterType: "CLUSTER_TYPE_CONTROL_PLANE"},
			description: "Kind of control plane. Another kind is another control plane.",
		},
		"cloud_gateway": {
			mode: optional, sticky: true, replace: true,
			description: "Whether its data planes run in dedicated cloud gateways. To change it makes another control plane.",
		},
		"proxy_urls":          {mode: optional, reform: true, form: formSet, description: "Addresses at which the data planes can be reached."},
		"proxy_urls.host":     {description: "Host name."},
		"proxy_urls.port":     {description: "Port."},
		"proxy_urls.protocol": {description: "Protocol."},
	}
	return row{
		typ:       entity.ControlPlane,
		summary:   "A control plane: the root of all gateway entities.",
		facts:     facts{setsAreLists: true, at: settings},
		extra:     controlPlaneConfig,
		behaviour: controlPlane{regular{entity.ControlPlane}},
	}
}

// controlPlaneConfig is the part of answers that repeats the settings and adds
// the addresses for data planes.
func controlPlaneConfig() []*attribute {
	f := entity.ControlPlane.ReplySchema().Field("config")
	a := derivation{facts: facts{at: map[string]fact{
		"config":                        {mode: computed, description: "What the control plane tells data planes, and its settings as they are."},
		"config.control_plane_endpoint": {description: "Address at which data planes get their configuration."},
		"config.telemetry_endpoint":     {description: "Address to which data planes send telemetry."},
		"config.auth_type":              {description: "How data planes prove who they are."},
		"config.cluster_type":           {description: "Kind of control plane."},
		"config.cloud_gateway":          {description: "Whether its data planes run in dedicated cloud gateways."},
		"config.proxy_urls":             {reform: true, form: formSet, description: "Addresses at which the data planes can be reached."},
		"config.proxy_urls.host":        {description: "Host name."},
		"config.proxy_urls.port":        {description: "Port."},
		"config.proxy_urls.protocol":    {description: "Protocol."},
	}}}.field(f, "config")
	a.onlyComputed()
	for _, c := range a.children {
		if entity.ControlPlane.ReplyPaths[c.key] != "" {
			c.mirror = c.key
			c.sticky = c.key == "cluster_type" || c.key == "cloud_gateway"
		}
	}
	return []*attribute{a}
}

// onlyComputed makes a tree one that nobody can write.
func (a *attribute) onlyComputed() {
	a.mode = computed
	for _, c := range a.children {
		c.onlyComputed()
	}
	if a.elem != nil {
		a.elem.onlyComputed()
	}
}

// effectiveConfig is the attribute with the whole configuration of a plugin.
const effectiveConfig = "effective_config"

func pluginRow(name, summary string) row {
	return row{
		name:    name,
		typ:     entity.Plugin,
		summary: summary,
		parents: inControlPlane,
		dynamic: "config",
		facts:   facts{setsAreLists: true, at: pluginFacts()},
		extra: func() []*attribute {
			return []*attribute{{
				name: effectiveConfig, key: "config", mode: computed, form: formDynamic, sensitive: true,
				description: "The whole configuration, with every default. It is sensitive because `config` may hold secrets, whose marks a copy loses.",
			}}
		},
		behaviour: plugin{regular{entity.Plugin}},
	}
}

// pluginFacts are the shapes of the attributes that surround a plugin's
// configuration, in the resource that takes any plugin.
func pluginFacts() map[string]fact {
	either := optional | computed
	scope := func(who string) fact {
		return fact{description: "The " + who + " to which the plugin is limited."}
	}
	return map[string]fact{
		"id":                     {mode: computed},
		"created_at":             {mode: computed},
		"updated_at":             {mode: computed},
		"name":                   {replace: true, description: "Name of the plugin, such as `rate-limiting`. Another plugin is another instance."},
		"instance_name":          {mode: either, description: "Name of this instance, unique in the control plane."},
		"tags":                   {mode: either},
		"enabled":                {description: "Whether the plugin runs."},
		"protocols":              {mode: either, description: "Protocols of the requests that the plugin sees. Left out, those that the plugin's schema gives."},
		"service":                scope("service"),
		"route":                  scope("route"),
		"consumer":               scope("consumer"),
		"consumer_group":         scope("consumer group"),
		"ordering":               {mode: either, description: "Plugins that this one runs before or after, where its priority says otherwise."},
		"ordering.before":        {mode: either, description: "Plugins that this one runs before."},
		"ordering.before.access": {mode: either, description: "Names of plugins, in the access phase."},
		"ordering.after":         {mode: either, description: "Plugins that this one runs after."},
		"ordering.after.access":  {mode: either, description: "Names of plugins, in the access phase."},
		"condition":              {description: "Expression that a request must meet for the plugin to run."},
		"partials":               {description: "Partials that supply parts of the configuration."},
		"partials.id":            {mode: either, description: "ID of the partial. Required."},
		"partials.name":          {mode: either, served: true, description: "Name of the partial."},
		"partials.path":          {mode: either, served: true, description: "Part of the configuration that it supplies, such as `config.redis`. Left out, the part that takes partials of its kind."},
		"config": {
			mode: required, reform: true, form: formDynamic,
			description: "Configuration of the plugin: an object with the keys of its schema, or `jsonencode` of one. What is left out gets its default; see `" + effectiveConfig + "`.",
		},
	}
}

// attributes derives the attribute tree of a row.
func (r row) attributes(set *plugins.Set) *attribute {
	root := &attribute{form: formObject, description: r.summary}
	for _, p := range r.parents {
		root.children = append(root.children, &attribute{
			name: p, mode: required, form: formString, replace: true,
			description: "ID of the " + parentTitle(p) + ". Another one is another object.",
		})
	}
	switch {
	case r.plugin != "":
		r.typed(root, set)
	case r.typ != entity.ConsumerGroupMember:
		root.children = append(root.children, r.fields(r.typ.Schema())...)
	}
	if r.extra != nil {
		root.children = append(root.children, r.extra()...)
	}
	return root
}

// fields derives what stands for the fields of the entity's own schema.
func (r row) fields(s *schema.Schema) []*attribute {
	children := derivation{facts: r.facts.with(common)}.record(s, "")
	for _, c := range children {
		if c.key == "id" {
			c.replace = true
		}
		if c.name == "name" && !c.writable() {
			c.source = "lua_schema"
		}
	}
	return children
}

// common is said of the fields that many entities share.
var common = map[string]fact{
	"id":         {description: "ID. Chosen by the provider unless given; a change makes another object."},
	"created_at": {description: "Time of creation, in Unix seconds."},
	"updated_at": {description: "Time of the last change, in Unix seconds."},
	"tags":       {description: "Tags to group and filter by."},
}

// with adds descriptions where the facts have none.
func (f facts) with(common map[string]fact) facts {
	at := make(map[string]fact, len(f.at)+len(common))
	for path, fact := range common {
		at[path] = fact
	}
	for path, fact := range f.at {
		if fact.description == "" {
			fact.description = common[path].description
		}
		at[path] = fact
	}
	f.at = at
	return f
}

// resources returns the resources by type name. They hold nothing of a
// session, so that one set of them, and of what is derived for it, does for all
// servers of a process.
var resources = sync.OnceValue(func() map[string]*resource {
	out := map[string]*resource{}
	for _, r := range append(rows(), typedRows()...) {
		if r.name == "" {
			r.name = r.typ.Resource
		}
		if r.behaviour == nil {
			r.behaviour = regular{r.typ}
		}
		out[r.name] = &resource{row: r}
	}
	return out
})
