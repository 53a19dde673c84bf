-- expect: error concatenate a nil value
return { name = ... .. "x", fields = {} }
