-- expect: ok
return { name = "xÿþ", fields = {} }
