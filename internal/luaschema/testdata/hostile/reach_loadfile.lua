-- expect: error no function
loadfile("/etc/passwd")
