-- expect: error no function
load("return 1")()
