-- expect: metaschema error in schema prevents
local function judge() local s = ("x"):rep(10e6) return #s > 0 end
local fields = {} for i = 1, 30 do fields[i] = { ["f" .. i] = { type = "string", default = "x", custom_validator = judge } } end
return { name = "x", fields = { { config = { type = "record", fields = fields } } } }
