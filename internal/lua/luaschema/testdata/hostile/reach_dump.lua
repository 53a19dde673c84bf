-- expect: error which is no function
string.dump(function() end)
