-- The gateway's way to ask for a module that may not be there.
return { load_module_if_exists = require("kong.tools.utils").load_module_if_exists }
