-- expect: error which is no function
os.remove("x")
