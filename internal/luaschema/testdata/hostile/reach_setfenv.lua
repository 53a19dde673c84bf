-- expect: error no function
setfenv(1, {})
