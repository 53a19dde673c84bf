local Greeter = { PRIORITY = 700, VERSION = "1.0.0" }

function Greeter:header_filter(conf)
  kong.response.set_header(conf.header, conf.greeting)
end

return Greeter
