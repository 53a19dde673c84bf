-- expect: error which is no function
io.popen("id")
