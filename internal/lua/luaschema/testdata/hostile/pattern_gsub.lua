-- expect: error pattern too complex
return ("a"):rep(30000):gsub("a*b", "")
