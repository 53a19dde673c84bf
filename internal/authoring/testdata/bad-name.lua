return {
  name = "my plugin", --! error name: 'my plugin' is no plugin name that Konnect takes | letters, digits
  fields = { { config = { type = "record", fields = {} } } },
}
