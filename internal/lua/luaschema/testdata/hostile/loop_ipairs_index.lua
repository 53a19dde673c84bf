-- expect: bound
for i, v in ipairs(setmetatable({}, { __index = function(t, k) return k end })) do end
