package plugins

import (
	"context"
	"fmt"

	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// check is a rule about one value. It returns nil if the value is good,
// otherwise the message.
type check func(value any) any

// checks are the rules that Kong has in code, by plugin and place. The names
// are those in the recorded answers of Kong's engine: the path of the
// definition, then its attribute; for an entity check also its field sources.
var checks = map[string]check{
	"acme:config.storage_config.redis.extra_options.namespace.custom_validator": acmeNamespace,
	"acme:config.storage_config.shm.shm_name.custom_validator":                  acmeZone,
	"acme:custom_entity_check(config.storage)":                                  acmeStorage,
	"aws-lambda:custom_entity_check(config.proxy_url)":                          proxyScheme,
	"cors:config.origins.elements.custom_validator":                             corsOrigin,
	"http-log:config.custom_validator":                                          httpLogCredentials,
	"oauth2:config.custom_validator":                                            oauth2Grants,
	"opentelemetry:config.resource_attributes.custom_validator":                 resourceAttributes,
	"post-function:phase.custom_validator":                                      phaseSource("post-function"),
	"pre-function:phase.custom_validator":                                       phaseSource("pre-function"),
	"prometheus:config.custom_validator":                                        always,
	"proxy-cache:custom_entity_check(config)":                                   sharedDictionary,
	"rate-limiting:config.custom_validator":                                     rateLimits,
	"rate-limiting-advanced:custom_entity_check(config)":                        limitWindows,
	"request-termination:config.custom_validator":                               terminationContent,
	"response-ratelimiting:config.limits.values.custom_validator":               responseLimits,
	"typedefs.lua_code.values.custom_validator":                                 luaCode,
	"zipkin:config.static_tags.custom_validator":                                staticTags,
}

// families are rules that several plugins use at several places.
var families = []struct {
	check   check
	plugins []string
	paths   []string
}{
	{functionSource("pre-function"), []string{"pre-function"}, functionPhases},
	{functionSource("post-function"), []string{"post-function"}, functionPhases},
	{headerPair, []string{"request-transformer"}, transformerHeaders},
	{renamedHeader, []string{"request-transformer", "response-transformer"}, []string{"config.rename.headers.elements.custom_validator"}},
	{templatedPair, []string{"request-transformer"}, transformerPairs},
	{headerPair, []string{"response-transformer"}, transformerHeaders},
	{modelStatistics, []string{"ai-llm-as-judge", "ai-request-transformer", "ai-response-transformer"}, []string{"config.llm." + modelStatisticsName}},
	{modelStatistics, []string{"ai-proxy"}, []string{"config." + modelStatisticsName}},
	{modelStatistics, []string{"ai-proxy-advanced"}, []string{"config.targets.elements." + modelStatisticsName}},
}

var functions = register()

func register() map[string]*schema.Function {
	all := make(map[string]*schema.Function)
	for name, c := range checks {
		all[name] = validator(name, c)
	}
	for _, f := range families {
		for _, plugin := range f.plugins {
			for _, path := range f.paths {
				name := plugin + ":" + path
				all[name] = validator(name, f.check)
			}
		}
	}
	for name, call := range shorthands {
		all[name] = &schema.Function{Name: name, Call: call}
	}
	return all
}

// validator makes a schema function of a rule.
func validator(name string, c check) *schema.Function {
	return &schema.Function{
		Name:  name,
		Check: c,
		Call: func(_ context.Context, args ...any) ([]any, error) {
			if len(args) != 1 {
				return nil, fmt.Errorf("%s takes one value, not %d", name, len(args))
			}
			if message := c(args[0]); message != nil {
				return []any{nil, message}, nil
			}
			return []any{true}, nil
		},
	}
}

// functionNamed returns the function that a definition names.
func functionNamed(name string) (*schema.Function, error) {
	if fn, ok := functions[name]; ok {
		return fn, nil
	}
	if fn := schema.FunctionNamed(name); fn != nil {
		return fn, nil
	}
	return nil, fmt.Errorf("no function is named %q", name)
}

// Known reports whether a definition may name that function.
func Known(name string) bool {
	_, err := functionNamed(name)
	return err == nil
}

// always is the rule of a check that only logs.
func always(any) any { return nil }

// record views the value of a rule as a record; anything else has no fields.
func record(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// text returns a string that is there and not empty.
func text(v any) (string, bool) {
	s, ok := v.(string)
	return s, ok && s != ""
}
