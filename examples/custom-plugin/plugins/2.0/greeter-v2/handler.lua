local Greeter = { PRIORITY = 700, VERSION = "2.0.0" }

function Greeter:header_filter(conf)
  local wanted = kong.request.get_header("Accept-Language") or "en"
  kong.response.set_header(conf.header, conf.greetings[wanted:sub(1, 2)] or conf.greetings.en)
end

return Greeter
