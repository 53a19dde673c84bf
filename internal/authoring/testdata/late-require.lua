local function judge(v)
  return require("kong.tools.sandbox").validate_safe(v) --! warning the schema requires 'kong.tools.sandbox', which fails when an uploaded schema comes to it | stands alone
end
return { name = "mine", fields = { { config = { type = "record", fields = {
  { code = { type = "string", custom_validator = judge } },
} } } } }
