from restkit.session import set_session

set_session("gevent")

# not in the manual
from restkit import request
import gevent

jobs = [gevent.spawn(request, "http://friendpaste.com") for _ in range(5)]
gevent.joinall(jobs, raise_error=True)
print([job.value.status for job in jobs])
