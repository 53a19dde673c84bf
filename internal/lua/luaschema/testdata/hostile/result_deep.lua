-- expect: type nested more than 100 levels deep
local t = {} for i = 1, 1000 do t = { a = t } end return t
