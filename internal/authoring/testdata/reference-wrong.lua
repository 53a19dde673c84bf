return { name = "mine", fields = {
  { config = { type = "record", fields = {} } },
  { service = { type = "foreign", reference = "servces" } }, --! error fields[2].service: schema refers to an invalid foreign entity: servces | reference = "services"
} }
