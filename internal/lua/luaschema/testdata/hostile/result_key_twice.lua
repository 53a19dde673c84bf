-- expect: metaschema 1: unknown field
return { name = "x", fields = {}, [1] = 1, ["1"] = 2 }
