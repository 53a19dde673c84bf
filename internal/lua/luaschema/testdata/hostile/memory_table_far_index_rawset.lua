-- expect: memory
rawset({}, 60000000, 1) return { name = "x", fields = {} }
