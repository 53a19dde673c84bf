-- expect: error pattern too complex
return ("a"):rep(60000):find((".-"):rep(20) .. "b")
