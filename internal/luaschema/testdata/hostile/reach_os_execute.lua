-- expect: error no function
os.execute("id")
