local function judge(v)
  return require("kong.tools.sandbox").validate_safe(v) --! error module 'kong.tools.sandbox' not found: | cannot run code from a configuration
end
return { name = "mine", fields = { { config = { type = "record", fields = {
  { code = { type = "string", custom_validator = judge } },
} } } } }
