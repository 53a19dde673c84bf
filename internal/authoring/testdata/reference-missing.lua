return {
  name = "mine",
  fields = {
    { protocols = { type = "set", elements = { type = "string" } } },
    { consumer = { --! error fields[2].consumer: schema refers to an invalid foreign entity: nil | write consumer = typedefs.no_consumer where the plugin must not have one, or name the entity: reference = "consumers"
        type = "foreign",
      } },
  },
}
