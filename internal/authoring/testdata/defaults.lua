return { name = "mine", fields = { { config = { type = "record", fields = {
  { a = { type = "string", default = "" } }, --! error a.default: length must be at least 1 | has len_min = 0
  { b = { type = "string", default = { "x" } } }, --! error b.default: expected a string | of the field's own type
  { c = { type = "string", uuid = true, legacy = true } }, --! error c.legacy: unknown field | any more
  { d = { type = "array", elements = { type = "string" }, default = { "" } } }, --! error d.default
} } } } }
