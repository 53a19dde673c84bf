-- expect: answer
return { name = "x", fields = { { config = { type = "record", fields = { { v = { type = "string", [("x"):rep(2e6)] = true } } } } } } }
