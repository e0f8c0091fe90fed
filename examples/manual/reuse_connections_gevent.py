from restkit import *
from socketpool import ConnectionPool

# set a pool with a gevent packend
pool = ConnectionPool(factory=Connection, backend="gevent")

# not in the manual
print(request("http://someurl", pool=pool).status)
