return {
  name = "greeting",
  fields = {
    { config = {
        type = "record",
        fields = {
          { text = { type = "string", required = true, len_max = 80 } },
        },
    } },
  },
}
