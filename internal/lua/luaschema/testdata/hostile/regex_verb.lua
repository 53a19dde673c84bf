-- expect: error cannot be searched for outside the gateway: (*COMMIT)
ngx.re.gsub("ab", "a(*COMMIT)b", "x")
return { name = "x", fields = {} }
