"""Asks for each URL on the command line by `use_proxy=True`; prints a JSON list of whether it was proxied, and what came of it."""

import json
import sys

from restkit_client import Client
from restkit_client.errors import RestkitError

backend, authority, *urls = sys.argv[1:]
answers = []
with Client(use_proxy=True, backend=backend, timeout=10, ca_certs=authority, max_tries=1) as client:
    for url in urls:
        try:
            response = client.get(url)
            answers.append([response.request.is_proxied, response.status_int, len(response.body_string())])
        except RestkitError as error:
            answers.append([type(error).__name__, str(error), list(error.__notes__)])
print(json.dumps(answers))
