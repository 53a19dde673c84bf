return {
  name = "mine",
  fields = {
    { run_on = { type = "string", one_of = { "first", "all" } } }, --! error fields[1].run_on: error in definition of 'mine': run_on: cannot create a new field | leave the field out
  },
}
