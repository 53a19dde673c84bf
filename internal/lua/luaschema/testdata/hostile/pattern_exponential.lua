-- expect: error pattern too complex
return ("a"):rep(200):match(("a*"):rep(30) .. "b")
