-- expect: error which is no function
os.exit(1)
