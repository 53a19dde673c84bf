return {
  name = "greeter-v2",
  fields = {
    { config = { type = "record", fields = {
      { greetings = {
        type = "map",
        required = true,
        len_min = 1,
        keys = { type = "string", len_eq = 2 },
        values = { type = "string", len_max = 80 },
        description = "Texts that clients are greeted with, by language.",
      } },
      { header = { type = "string", default = "X-Greeting", description = "Response header that has them." } },
    } } },
  },
}
