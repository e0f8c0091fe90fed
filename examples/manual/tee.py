# not in the manual
import os

# the manual
from restkit import request
import tempfile

r = request("http://e-engura.com/images/logo.gif")
fd, fname = tempfile.mkstemp(suffix=".gif")
fd1, fname1 = tempfile.mkstemp(suffix=".gif")

# manual: body = t.tee()
body = r.tee()
# save first file
with os.fdopen(fd, "wb") as f:
    for chunk in body:
        f.write(chunk)

# reset
body.seek(0)
# save second file.
with os.fdopen(fd1, "wb") as f:
    for chunk in body:
        f.write(chunk)

# not in the manual
import filecmp

print(filecmp.cmp(fname, fname1, shallow=False), os.stat(fname1).st_size)
os.unlink(fname)
os.unlink(fname1)
