-- expect: error which is no function
loadfile("/etc/passwd")
