-- expect: error no function
io.open("/etc/passwd")
