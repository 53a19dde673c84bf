-- expect: error nil value
package.loadlib("x", "y")
