-- expect: metaschema error in schema prevents
local list = {} for i = 1, 5000 do list[i] = (i * 7919) % 5003 end
local function judge() local copy = table.clone(list) table.sort(copy, function(a, b) return a < b end) return true end
local fields = {} for i = 1, 30 do fields[i] = { ["f" .. i] = { type = "string", default = "x", custom_validator = judge } } end
return { name = "x", fields = { { config = { type = "record", fields = fields } } } }
