return {
  name = "rate-limiting", --! error name: unique constraint failed: schema already exists for plugin 'rate-limiting' | one of its own
  fields = { { config = { type = "record", fields = {} } } },
}
