-- expect: error which is no function
return os.getenv("HOME")
