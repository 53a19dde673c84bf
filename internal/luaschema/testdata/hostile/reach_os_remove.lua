-- expect: error no function
os.remove("x")
