"""A distributed proxy, as the manual has it: /a/db is http://a.mypool.org/db.

gunicorn distributed_proxy:application
"""

import os

from webob import Request

from restkit.conn import TConnectionManager
from restkit.ext.wsgi_proxy import Proxy

# A pool of names that only your network knows needs its domain here: SERVER_NAME may hold a port.
POOL = os.environ.get("POOL", "%s.mypool.org:80")

mgr = TConnectionManager(nb_connections=10)
proxy = Proxy(pool=mgr, strip_script_name=True)


def application(environ, start_response):
    req = Request(environ)
    name = req.path_info_pop()
    if not name or not name.isalnum():
        # what a client sends becomes part of a host name: only what can be nothing else
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []
    req.environ["SERVER_NAME"] = POOL % name
    resp = req.get_response(proxy)
    return resp(environ, start_response)
