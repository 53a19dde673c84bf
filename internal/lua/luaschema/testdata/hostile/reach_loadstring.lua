-- expect: error which is no function
loadstring("return 1")()
