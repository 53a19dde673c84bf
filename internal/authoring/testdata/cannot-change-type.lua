return { --! error error in definition of 'x': consumer: cannot change type in a specialized field
  name = "x", fields = { { consumer = { type = "string" } } },
}
