return { name = "mine", fields = { { config = { type = "record", fields = {
  { a = {
      type = "string",
      len_min = "x",
      len_min = "y", --! error a.len_min: expected an integer
    } },
} } } } }
