"""What the tests' gunicorn serves: a HostProxy for $UPSTREAM, under wsgiref.validate."""

import os
from wsgiref.validate import validator

from restkit_contrib.wsgi_proxy import HostProxy

proxy = HostProxy(os.environ["UPSTREAM"], timeout=float(os.environ.get("TIMEOUT", "60")))
application = validator(proxy)
