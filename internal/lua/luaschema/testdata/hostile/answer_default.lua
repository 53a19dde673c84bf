-- expect: answer
return { name = "x", fields = { { config = { type = "record", fields = { { v = { type = "string", default = ("x"):rep(20e6) } } } } } } }
