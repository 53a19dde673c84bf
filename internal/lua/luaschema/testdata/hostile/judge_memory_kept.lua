-- expect: metaschema error in schema prevents
local all = {} local function judge() all[#all + 1] = ("x"):rep(10e6) return true end
local fields = {} for i = 1, 30 do fields[i] = { ["f" .. i] = { type = "string", default = "x", custom_validator = judge } } end
return { name = "x", fields = { { config = { type = "record", fields = fields } } } }
