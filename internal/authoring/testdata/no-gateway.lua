local log = kong.log --! error attempt to index 'kong' (a nil value) | in handler.lua
return { name = "mine", fields = {} }
