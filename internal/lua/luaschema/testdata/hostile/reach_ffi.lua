-- expect: error module 'ffi' not found
require "ffi"
