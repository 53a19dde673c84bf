-- expect: metaschema error in schema prevents
local function judge() local t = {} for i = 1, 1000 do t = { t } end return nil, t end
local fields = {} for i = 1, 30 do fields[i] = { ["f" .. i] = { type = "string", default = "x", custom_validator = judge } } end
return { name = "x", fields = { { config = { type = "record", fields = fields } } } }
