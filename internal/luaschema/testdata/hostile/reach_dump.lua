-- expect: error no function
string.dump(function() end)
