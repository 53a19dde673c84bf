-- expect: bound
::top:: goto top
