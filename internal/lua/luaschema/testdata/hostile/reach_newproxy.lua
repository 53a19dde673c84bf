-- expect: error which is no function
newproxy(true)
