-- expect: error nil value
kong.log("x")
