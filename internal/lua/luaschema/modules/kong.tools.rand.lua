-- The gateway's random texts; a schema gets the same ones each time.
return { random_string = require("kong.tools.utils").random_string }
