"""What sockets refuse to send, a FunctionTransport refuses too: a test shall not pass what production does not."""

import pytest

from restkit_client import Client, FunctionTransport, Reply
from restkit_client.errors import RestkitError


@pytest.mark.parametrize(
    "headers",
    [{"X": "a\r\nB: c"}, {"X\r\nB": "c"}, {"X": None}, {"X": "\u010d"}, {"Transfer-Encoding": "gzip"}],
)
def test_bad_fields_never_reach_the_function(headers):
    called = []
    client = Client(transport=FunctionTransport(lambda request: called.append(request) or Reply()))
    with pytest.raises(RestkitError):
        client.get("http://h/", headers)
    assert called == []
