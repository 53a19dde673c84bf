-- expect: error nil value
debug.getregistry()
