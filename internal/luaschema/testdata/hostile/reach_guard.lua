-- expect: error no function
_G["\0concat"]()
