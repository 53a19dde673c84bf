-- expect: metaschema
return { name = "x", fields = {}, [ngx.null] = 1 }
