-- expect: error no function
loadstring("return 1")()
