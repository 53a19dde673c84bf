local typedefs = require "kong.db.schema.typedefs"
local fields = {
  { consumer = typedefs.no_consumer },
  { url = typedefs.url { required = true } }, --! error fields[2].url: error in definition of 'mine': url: cannot create a new field | go into config: { config = { type = "record", fields = { { url = { ... } } } } }
}
return { name = "mine", fields = fields }
