from restkit import *
from socketpool import ConnectionPool

pool = ConnectionPool(factory=Connection)

r = request("http://someurl", pool=pool)

# not in the manual
print(r.status)
