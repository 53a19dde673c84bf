-- expect: error width or precision too long
return ("%1000000000d"):format(1)
