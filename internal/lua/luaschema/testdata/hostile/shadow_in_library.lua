-- expect: ok
for k in pairs(string) do string[k] = nil end for k in pairs(table) do table[k] = nil end local s = "a" .. 1 .. "b"
return { name = "x", fields = {} }
