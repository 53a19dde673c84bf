-- expect: error too many results to unpack
return unpack({}, -1e300, 1e300)
