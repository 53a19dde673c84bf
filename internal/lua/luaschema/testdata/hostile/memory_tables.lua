-- expect: bound
local t while true do t = { t } end
