return {
  name = "greeter",
  fields = {
    { config = { type = "record", fields = {
      { text = { type = "string", required = true, len_max = 80 } },
      { header = { type = "string", default = "X-Greeting" } },
    } } },
  },
}
