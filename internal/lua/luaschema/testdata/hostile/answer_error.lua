-- expect: error xxx... (
error(("x"):rep(20e6))
