local plugin_name = ({ ... })[1]:match("^kong%.plugins%.([^%.]+)") --! error attempt to index a nil value | name = "my-plugin"
return { name = plugin_name, fields = {} }
