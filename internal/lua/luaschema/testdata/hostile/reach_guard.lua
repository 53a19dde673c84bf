-- expect: error which is no function
_G["\0concat"]()
