# not in the manual
import os
import tempfile
from restkit import request

r = request("http://e-engura.com/images/logo.gif")
fd, fname = tempfile.mkstemp(suffix=".gif")

# the manual
with r.body_stream() as body:
    with os.fdopen(fd, "wb") as f:
        while True:
            data = body.read(1024)
            if not data:
                break
            f.write(data)

# not in the manual
print(os.stat(fname).st_size)
os.unlink(fname)
