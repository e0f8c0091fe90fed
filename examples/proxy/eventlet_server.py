"""The CouchDB proxy under eventlet's own server (gunicorn has no eventlet worker any more):

python eventlet_server.py 8000
"""

import sys

import eventlet

eventlet.monkey_patch()

from couchdb_proxy import application  # noqa: E402
from eventlet import wsgi  # noqa: E402

# eventlet would wait for 4 KiB before it sends a piece of a live feed on
listener = eventlet.listen(("127.0.0.1", int(sys.argv[1])))
wsgi.server(listener, application, log_output=False, minimum_chunk_size=1)
