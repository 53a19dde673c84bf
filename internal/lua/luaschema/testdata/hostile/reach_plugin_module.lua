-- expect: error module 'kong.plugins.acl.schema' not found
require "kong.plugins.acl.schema"
