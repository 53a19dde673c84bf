-- expect: error module 'jit.util' not found
require "jit.util"
