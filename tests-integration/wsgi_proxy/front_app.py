"""What the tests' gunicorn serves: a HostProxy for $UPSTREAM, under wsgiref.validate."""

import os
from wsgiref.validate import validator

from restkit_contrib.wsgi_proxy import ALLOWED_METHODS, HostProxy

methods = [*ALLOWED_METHODS, "OPTIONS", "PROPFIND"]
proxy = HostProxy(
    os.environ["UPSTREAM"], allowed_methods=methods, timeout=float(os.environ.get("TIMEOUT", "60"))
)
application = validator(proxy)
