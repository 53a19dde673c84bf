local plugin_name = ({ ... })[1]:match("^kong%.plugins%.([^%.]+)") --! error attempt to index
return { name = plugin_name, fields = {} }
