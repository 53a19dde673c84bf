-- expect: error no function
os.exit(1)
