local fields = {
  { protocols = { type = "set", elements = { type = "string" } } },
}
local config = { type = "record" }
config.fields = {
  { a = { type = "strin" } }, --! error fields[2].config.fields[1].a.type: expected one of
}
table.insert(config.fields, {
  b = { type = "string", len_max = "x" }, --! error fields[2].config.fields[2].b.len_max: expected an integer
})
config.fields[3] = {
  c = { type = "number", between = { 1 } }, --! error fields[2].config.fields[3].c.between: length must be 2
}
fields[#fields + 1] = { config = config }
local schema = { name = "mine" }
schema.fields = fields
schema.fields[3] = { consumer = { type = "forein" } } --! error fields[3].consumer.type: expected one of
return schema
