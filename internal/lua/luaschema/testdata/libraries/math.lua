math.abs(-1), math.floor(1.7), math.floor(-1.2), math.ceil(1.2), math.sqrt(16), math.huge, math.pi --> > 1 1 -2 2 4 inf 3.1415926535898
math.max(1, 3, 2), math.min(1, 3, 2), math.fmod(7, 3), math.fmod(-7, 3), math.pow(2, 10) --> > 3 1 1 -1 1024
math.modf(1.5) --> > 1 0.5
math.modf(-1/0) --> > -inf 0
math.frexp(8) --> > 0.5 4
math.ldexp(0.5, 4), math.log(1), math.log(8, 2), math.log10(100), math.exp(0), math.deg(math.pi), math.rad(180) --> > 8 0 3 2 1 180 3.1415926535898
math.sin(0), math.cos(0), math.tan(0), math.atan2(0, 1), math.sinh(0) --> > 0 1 0 0 0
math.random() < 1, math.random(5) <= 5, math.random(3, 3), math.randomseed --> > true true 3 nil
math.random(0) --! interval is empty
math.random(2, 1) --! interval is empty
math.max() --! bad argument #1 to 'max' (number expected, got no value)
math.abs("x") --! bad argument #1 to 'abs' (number expected, got string)
7 % 3, -7 % 3, 7 % -3, 5.5 % 2, 2 ^ 0.5 == math.sqrt(2) --> > 1 2 -2 1.5 true
bit.band(0xff, 0x0f), bit.bor(1, 2), bit.bxor(3, 1), bit.bnot(0), bit.lshift(1, 4), bit.rshift(-1, 28), bit.arshift(-16, 2) --> > 15 3 2 -1 16 15 -4
bit.rol(0x12345678, 8), bit.ror(0x12345678, 8), bit.bswap(0x12345678), bit.tobit(0xffffffff), bit.tobit(2^32 + 1) --> > 878082066 2014458966 2018915346 -1 1
bit.tohex(255), bit.tohex(255, 4), bit.tohex(255, -4), bit.tohex(-1) --> > 000000ff 00ff 00FF ffffffff
bit.band({}) --! bad argument #1 to 'band' (number expected, got table)
os.time({ year = 2020, month = 1, day = 2, hour = 3 }), os.date("!%Y-%m-%d %H:%M:%S %a %j %w", 0), os.date("*t", 86400).day --> > 1577934000 1970-01-01 00:00:00 Thu 001 4 2
os.time() > 1.7e9, os.clock() >= 0, os.difftime(5, 3), os.date("%d", 0), os.date("%%%", 0) --> > true true 2 01 %%
os.time({ year = 2020 }) --! field 'month' missing in date table
