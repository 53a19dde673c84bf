-- expect: memory
table.move({ 1 }, 1, 1, 60000000) return { name = "x", fields = {} }
