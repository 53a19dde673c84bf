-- expect: error not found
require "\0define"
