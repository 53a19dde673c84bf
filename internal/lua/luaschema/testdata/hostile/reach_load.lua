-- expect: error which is no function
load("return 1")()
