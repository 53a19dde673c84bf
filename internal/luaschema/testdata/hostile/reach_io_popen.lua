-- expect: error no function
io.popen("id")
