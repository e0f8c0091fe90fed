import os
from restkit import request
import tempfile

r = request("http://e-engura.com/images/logo.gif")
fd, fname = tempfile.mkstemp(suffix=".gif")

with r.body_stream() as body:
    with os.fdopen(fd, "wb") as f:
        for block in body:
            f.write(block)

# not in the manual
print(os.stat(fname).st_size)
os.unlink(fname)
