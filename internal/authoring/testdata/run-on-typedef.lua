local typedefs = require "kong.db.schema.typedefs"
return { name = "mine", fields = { { run_on = typedefs.run_on_first } } } --! error schema typedef error: definition run_on_first does not exist | leave the field out
