"""A proxy for CouchDB, as the manual has it:

    gunicorn -w 4 -k gthread --threads 8 couchdb_proxy:application

-k sync and -k gevent serve as well; a `_changes` feed keeps a worker busy, so give sync enough of them.
"""

import os
from urllib.parse import urlparse

from webob import Request

from restkit.conn import TConnectionManager
from restkit.ext.wsgi_proxy import HostProxy

mgr = TConnectionManager(nb_connections=10)
proxy = HostProxy(os.environ.get("COUCHDB", "http://127.0.0.1:5984"), pool=mgr)


def application(environ, start_response):
    req = Request(environ)
    if "RAW_URI" in req.environ:
        # gunicorn, so we can use the real path, not decoded: document ids may hold %2F
        req.environ["PATH_INFO"] = urlparse(req.environ["RAW_URI"]).path

    # here is the place to look at the request: to authenticate, to add fields …
    resp = req.get_response(proxy)

    # … and here to change the response
    resp.headers["X-Served-By"] = "couchdb_proxy"
    return resp(environ, start_response)
