-- expect: error which is no function
setfenv(1, {})
