return { name = "mine", fields = { { config = { type = "record", fields = {
  { key = "integer" }, --! error fields[1].config.fields[1].key: 'key' must be a table | key = { type = "integer" }
  { list = { type = "array", elements = "text" } }, --! error list.elements: 'elements' must be a table | elements = { type = "string" }
} } } } }
