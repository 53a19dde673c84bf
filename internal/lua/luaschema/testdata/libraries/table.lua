table.concat({ 1, 2, 3 }, ","), table.concat({}), table.concat({ 1, 2, 3 }, "", 2), table.concat({ 1, 2, 3 }, "-", 2, 3) --> > 1,2,3  23 2-3
table.concat({ 1, {} }) --! invalid value (table) at index 2 in table for 'concat'
(function() local t = { 1, 2 } table.insert(t, 3) table.insert(t, 1, 0) return table.concat(t, ",") end)() --> > 0,1,2,3
table.insert({}, 1, 2, 3) --! wrong number of arguments to 'insert'
table.insert(nil, 1) --! bad argument #1 to 'insert' (table expected, got nil)
(function() local t = { 1, 2, 3 } return table.remove(t), table.remove(t, 1), #t, table.remove({}) end)() --> > 3 1 1 nil
(function() local t = { 3, 1, 2 } table.sort(t) return table.concat(t, ",") end)() --> > 1,2,3
(function() local t = { 3, 1, 2 } table.sort(t, function(a, b) return a > b end) return table.concat(t, ",") end)() --> > 3,2,1
(function() table.sort({ 1, "x" }) end)() --! attempt to compare
(function() table.sort({ 1, 2, 3 }, 5) end)() --! bad argument #2 to 'sort' (function expected, got number)
table.maxn({ 1, 2, [10] = 3 }), table.getn({ 1, 2 }) --> > 10 2
table.unpack({ 1, 2 }) --> > 1 2
table.pack(1, nil, 3).n --> > 3
table.concat(table.move({ 1, 2, 3 }, 2, 3, 1), ","), table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ","), table.concat(table.move({ 1, 2 }, 1, 2, 1, {}), ",") --> > 2,3,3 1,1,2,3 1,2
table.isempty({}), table.isempty({ 1 }), table.isarray({ 1, 2 }), table.isarray({ a = 1 }), table.isarray({}), table.nkeys({ 1, a = 2 }) --> > true false true false true 2
(function() local t = { 1, a = 2 } table.clear(t) return next(t) end)() --> > nil
(function() local t = { 1, a = { 2 } } local c = table.clone(t) return c ~= t, c.a == t.a, c[1] end)() --> > true true 1
(function() local t = {} table.foreach({ 5, x = 6 }, function(k, v) t[#t + 1] = k .. v end) return table.concat(t, ",") end)() --> > 15,x6
table.foreachi({ 5, 6 }, function(i, v) if v == 6 then return i end end) --> > 2
(function() local t = { 1, 2, 3 } t[2] = nil return #t == 3 or #t == 1 end)() --> > true
(function() local t = {} t[1.5], t[-1], t[0], t[true] = 1, 2, 3, 4 return t[1.5] + t[-1] + t[0] + t[true] end)() --> > 10
(function() local t = {} t[nil] = 1 end)() --! table index is nil
(function() local t = { x = 1 } t.x = nil return next(t) end)() --> > nil
(function() local t = setmetatable({}, { __index = function(_, k) return k .. "!" end, __newindex = function(t, k, v) rawset(t, k, v * 2) end }) t.a = 4 return t.a, t.b end)() --> > 8 b!
(function() local t = setmetatable({}, { __call = function(self, a, b) return a + b end }) return t(1, 2) end)() --> > 3
(function() local m = { __eq = function() return true end, __lt = function() return true end, __le = function() return false end, __unm = function() return "neg" end, __len = function() return 42 end } local a, b = setmetatable({}, m), setmetatable({}, m) return a == b, a < b, a <= b, -a, #a end)() --> > true true false neg 42
