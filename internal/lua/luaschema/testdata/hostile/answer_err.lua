-- expect: answer
return { name = "x", fields = { { config = { type = "record", fields = { { v = { type = "string", err = ("x"):rep(2e6) } } } } } } }
