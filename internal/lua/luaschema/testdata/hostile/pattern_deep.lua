-- expect: error pattern too complex
return ("a"):rep(10):find(("a-"):rep(10000))
