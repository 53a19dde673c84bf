-- expect: metaschema error in schema prevents
local function judge() return not ("a"):rep(5000):find(".-.-.-b") end
local fields = {} for i = 1, 30 do fields[i] = { ["f" .. i] = { type = "string", default = "x", custom_validator = judge } } end
return { name = "x", fields = { { config = { type = "record", fields = fields } } } }
