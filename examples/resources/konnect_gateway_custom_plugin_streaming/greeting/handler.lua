local Greeting = {
  PRIORITY = 1000,
  VERSION = "1.0.0",
}

function Greeting:access(config)
  kong.response.set_header("X-Greeting", config.text)
end

return Greeting
