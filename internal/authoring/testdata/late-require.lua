local function judge(v)
  return require("kong.runloop.handler").validate(v) --! warning the schema requires 'kong.runloop.handler', which fails when an uploaded schema comes to it | stands alone
end
return { name = "mine", fields = { { config = { type = "record", fields = {
  { code = { type = "string", custom_validator = judge } },
} } } } }
