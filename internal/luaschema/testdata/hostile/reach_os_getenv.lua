-- expect: error no function
return os.getenv("HOME")
