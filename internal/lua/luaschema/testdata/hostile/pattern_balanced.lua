-- expect: error pattern too complex
return ("("):rep(60000):find("%b()")
