package luaschema_test

import (
	"strings"
	"testing"

	"github.com/openkonnect/terraform-provider-konnect/internal/entity"
	"github.com/openkonnect/terraform-provider-konnect/internal/lua/luaschema"
	"github.com/openkonnect/terraform-provider-konnect/internal/schema"
)

// typical is a schema of the size that people publish.
const typical = `
local typedefs = require "kong.db.schema.typedefs"

local PLUGIN_NAME = "request-signer"

local function check_window(config)
  if config.window_min and config.window_max and config.window_min ~= ngx.null and config.window_max ~= ngx.null
     and config.window_min > config.window_max then
    return nil, "window_min must not be over window_max"
  end
  return true
end

local schema = {
  name = PLUGIN_NAME,
  fields = {
    { consumer = typedefs.no_consumer },
    { protocols = typedefs.protocols_http },
    { config = {
        type = "record",
        fields = {
          { header_name = typedefs.header_name { required = true, default = "X-Signature" } },
          { response_header = typedefs.header_name { default = "X-Signed" } },
          { algorithm = { type = "string", required = true, default = "hmac-sha256", one_of = { "hmac-sha1", "hmac-sha256", "hmac-sha512" } } },
          { secret = { type = "string", required = true, referenceable = true, encrypted = true, len_min = 8 } },
          { upstream = { type = "record", fields = {
              { host = typedefs.host { required = true, default = "localhost" } },
              { port = typedefs.port { default = 8080 } },
              { path = typedefs.path { default = "/sign" } },
              { timeout = typedefs.timeout { default = 1000 } },
          } } },
          { window_min = { type = "integer", between = { 0, 3600 }, default = 0 } },
          { window_max = { type = "integer", between = { 0, 3600 }, default = 300 } },
          { methods = { type = "set", elements = typedefs.http_method, default = { "POST", "PUT", "PATCH" } } },
          { claims = { type = "map", keys = { type = "string", match = "^[%w_]+$" }, values = { type = "string" }, default = {} } },
          { skip_paths = { type = "array", elements = { type = "string", starts_with = "/" } } },
          { retries = { type = "number", default = 3, gt = 0 } },
          { enforce = { type = "boolean", required = true, default = true } },
          { fallback = { type = "string", len_max = 64, custom_validator = function(v)
              if v:find("%s") then
                return nil, "must not hold blanks"
              end
              return true
            end } },
        },
        entity_checks = {
          { at_least_one_of = { "secret", "fallback" } },
          { custom_entity_check = { field_sources = { "window_min", "window_max" }, fn = check_window } },
          { conditional = { if_field = "algorithm", if_match = { eq = "hmac-sha1" }, then_field = "enforce", then_match = { eq = false } } },
        },
      },
    },
  },
}

return schema
`

func BenchmarkLoad(b *testing.B) {
	parent := entity.OpenSourcePlugin()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := luaschema.Load(b.Context(), typical, parent, entity.Schemas); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := luaschema.Name(b.Context(), typical); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkValidate runs the schema's two Lua functions besides its rules.
func BenchmarkValidate(b *testing.B) {
	p, err := load(b.Context(), typical)
	if err != nil {
		b.Fatal(err)
	}
	config := map[string]any{"secret": "0123456789", "fallback": "none", "window_min": schema.Number("5")}
	b.ReportAllocs()
	for b.Loop() {
		if _, tree := checkValue(b.Context(), p, config); tree != nil {
			b.Fatal(tree)
		}
	}
}

// BenchmarkValidate_remembers is BenchmarkValidate for a schema that keeps what
// it saw, which gets a fresh state in each validation.
func BenchmarkValidate_remembers(b *testing.B) {
	p, err := load(b.Context(), strings.Replace("local seen = {}\n"+typical, "if config.window_min and", "seen[1] = config\n  if config.window_min and", 1))
	if err != nil {
		b.Fatal(err)
	}
	config := map[string]any{"secret": "0123456789", "fallback": "none", "window_min": schema.Number("5")}
	b.ReportAllocs()
	for b.Loop() {
		if _, tree := checkValue(b.Context(), p, config); tree != nil {
			b.Fatal(tree)
		}
	}
}

// BenchmarkFunction_writes is a function that writes to a table of its own.
func BenchmarkFunction_writes(b *testing.B) {
	benchmarkFunction(b, `local t = {} for i = 1, 10 do t[i] = v end return t[1] == v`)
}

func BenchmarkFunction(b *testing.B) { benchmarkFunction(b, `return v == "x"`) }

func benchmarkFunction(b *testing.B, body string) {
	p, err := load(b.Context(), plugin(`{ v = { type = "string", custom_validator = function(v) `+body+` end } }`))
	if err != nil {
		b.Fatal(err)
	}
	f := p.Def["fields"].([]any)[0].(map[string]any)["config"].(map[string]any)["fields"].([]any)[0].(map[string]any)["v"].(map[string]any)["custom_validator"].(*schema.Function)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Call(b.Context(), "x"); err != nil {
			b.Fatal(err)
		}
	}
}
