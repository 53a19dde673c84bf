local Greeter = { PRIORITY = 700, VERSION = "1.1.0" }

function Greeter:header_filter(conf)
  kong.response.set_header(conf.header, conf.greeting)
  if conf.language then
    kong.response.set_header("Content-Language", conf.language)
  end
end

return Greeter
