-- expect: error which is no function
dofile("/etc/passwd")
