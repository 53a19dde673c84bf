local template = require "pl.template"
local function templated(v)
  local ok, made, mistake = pcall(template.compile, v, { escape = "\xff" })
  if not ok or mistake then return nil, "no template: " .. tostring(mistake or made) end
  return true
end
return { name = "mine", fields = { { config = { type = "record", fields = {
  { path = { type = "string", default = "/$(uri_captures[1])", custom_validator = templated } },
  { host = { type = "string", default = "$(1 +)", custom_validator = templated } }, --! error host.default: no template: [string "TMP"]:1: unexpected symbol near ')'
} } } } }
