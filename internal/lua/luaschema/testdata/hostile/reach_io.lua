-- expect: error which is no function
io.open("/etc/passwd")
