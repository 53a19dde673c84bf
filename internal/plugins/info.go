package plugins

// Info is what is known about a bundled plugin beside its schema. Versions are
// those of the gateway, such as "3.13".
type Info struct {
	Tier  string `json:"tier"`  // free, enterprise, ai_gateway_enterprise, or empty
	Since string `json:"since"` // first version that has the plugin
	Last  string `json:"last"`  // last version that has it, where it is gone

	Konnect          *Deployments `json:"deployments"` // nil where nothing is documented
	NotInKonnect     bool         `json:"not_in_konnect"`
	KonnectOnly      bool         `json:"konnect_only"`
	ManagedByKonnect bool         `json:"managed_by_konnect"` // Konnect creates it; users do not
	Published        bool         `json:"published"`          // the published provider has a resource for it
	TechPreview      bool         `json:"tech_preview"`

	Scopes []string `json:"scopes"` // service, route, consumer, consumer_group
	Global bool     `json:"global"` // may stand without a scope

	// Protocols are those that the schema's field takes.
	Protocols        []string `json:"-"`
	DefaultProtocols []string `json:"-"`

	Priority          int            `json:"priority"`
	PriorityByVersion map[string]int `json:"priority_by_version"`

	// Limits are Konnect's limits by path below config.
	Limits map[string]Limit `json:"limits"`
	// Partials are the parts of the configuration that partials may supply, by
	// kind of partial.
	Partials map[string][]string `json:"partials"`
	// Version is the gateway's version that the schema comes from.
	Version string `json:"-"`
	// PartialRules says that some patterns and entity checks of the schema are
	// not known.
	PartialRules bool `json:"partial_rules"`
	// History says by path when fields came and changed, from version 3.0 on. A
	// field that is not listed was always there. [] is an element, {} a value
	// of a map.
	History map[string]History `json:"-"`

	// GatewayDefaults are the defaults of a gateway by itself, where those of
	// Konnect's control planes, which are in the schema, differ from them. It is
	// by the paths of the history.
	GatewayDefaults map[string]any `json:"-"`

	konnect *konnectRules
}

// Deployments says in which kinds of control planes a plugin is available; nil
// if that is not documented.
type Deployments struct {
	Hybrid         *bool `json:"hybrid"`
	DedicatedCloud *bool `json:"dedicated_cloud"`
	Serverless     *bool `json:"serverless"`
}

// Limit says which values Konnect accepts in a field.
type Limit struct {
	Forbidden          []string `json:"forbidden"`
	Allowed            []string `json:"allowed"`
	Recommended        []string `json:"recommended"`
	ServerlessAllowed  []string `json:"serverless_allowed"`
	DefaultIsForbidden bool     `json:"schema_default_is_forbidden"`
	MustBe             string   `json:"must_be"`
	Suspect            []string `json:"suspect"` // values that Konnect may or may not take
	Status             string   `json:"status"`
}

// History says how versions of the gateway changed one field.
type History struct {
	Since          string          `json:"since"`       // first version with the field
	SincePatch     string          `json:"since_patch"` // an older version with a patch that has it too
	Until          string          `json:"until"`       // last one
	ShorthandSince string          `json:"shorthand_since"`
	Absent         []string        `json:"absent"` // versions in between without it
	DefaultChanges []DefaultChange `json:"default_changes"`
	EnumChanges    []EnumChange    `json:"enum_changes"`
	RuleChanges    []RuleChange    `json:"rule_changes"`
}

// DefaultChange is a default that a version changed.
type DefaultChange struct {
	Since string `json:"since"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}

// EnumChange is a change of the values that a field may have.
type EnumChange struct {
	Since   string `json:"since"`
	Added   []any  `json:"added"`
	Removed []any  `json:"removed"`
}

// RuleChange is a change of another attribute of a field: required, type,
// between. nil stands for no attribute.
type RuleChange struct {
	Since string `json:"since"`
	Rule  string `json:"rule"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}
