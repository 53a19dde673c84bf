-- expect: error no function
newproxy(true)
