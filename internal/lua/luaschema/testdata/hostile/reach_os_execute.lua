-- expect: error which is no function
os.execute("id")
