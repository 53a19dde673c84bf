return {
  name = "x", fields = { { consumer = { type = "string" } } }, --! error fields[1].consumer: error in definition of 'x': consumer: cannot change type in a specialized field
}
