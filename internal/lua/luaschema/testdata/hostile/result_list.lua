-- expect: type returned a list
return { 1, 2, 3 }
