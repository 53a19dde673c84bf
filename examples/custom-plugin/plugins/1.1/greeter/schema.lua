return {
  name = "greeter",
  fields = {
    { config = { type = "record", fields = {
      { greeting = { type = "string", required = true, len_max = 80, description = "Text that clients are greeted with." } },
      { header = { type = "string", default = "X-Greeting", description = "Response header that has it." } },
      { language = { type = "string", len_eq = 2, description = "Language of the greeting, if it is to be told." } },
    } } },
  },
}
