-- expect: bound
for a in ("x"):rep(100000):gmatch("x-") do for b in ("x"):rep(100000):gmatch("x") do end end
