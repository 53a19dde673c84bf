-- expect: memory
table.insert({}, 60000000, 1) return { name = "x", fields = {} }
