return {
  name = "x",
  fields = {
    { config = { type = "record" fields = {} } }, --! error '}' expected near 'fields'
  },
}
