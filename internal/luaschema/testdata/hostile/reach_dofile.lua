-- expect: error no function
dofile("/etc/passwd")
