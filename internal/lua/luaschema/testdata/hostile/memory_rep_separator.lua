-- expect: memory
return (""):rep(1e9, "x")
