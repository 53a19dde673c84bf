return { name = "mine", fields = {
  { consumer_group = { type = "foreign" } }, --! error fields[1].consumer_group: schema refers to an invalid foreign entity: nil | typedefs.no_consumer_group
} }
