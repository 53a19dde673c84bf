-- expect: metaschema
return setmetatable({ name = "x" }, { __pairs = function() while true do end end, __index = function() while true do end end, __len = function() while true do end end })
