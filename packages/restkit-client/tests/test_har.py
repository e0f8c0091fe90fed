"""HAR 1.2 of exchanges."""

from __future__ import annotations

import datetime
import json
import time

import pytest

from restkit_client import Client, FunctionTransport, __version__
from restkit_client.har import export
from restkit_client.transports.function import Reply

# The members that HAR 1.2 requires of each object.
REQUIRED = {
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {
        "method",
        "url",
        "httpVersion",
        "cookies",
        "headers",
        "queryString",
        "headersSize",
        "bodySize",
    },
    "response": {
        "status",
        "statusText",
        "httpVersion",
        "cookies",
        "headers",
        "content",
        "redirectURL",
        "headersSize",
        "bodySize",
    },
    "content": {"size", "mimeType"},
    "timings": {"send", "wait", "receive"},
}


def answer(request):
    if request.url.endswith("/moved"):
        return Reply(302, headers={"Location": "/there?token=s3cret"})
    if request.url.endswith("/binary"):
        return Reply(body=b"\xff\x00")
    return Reply(body="text", headers={"Set-Cookie": "s=s3cret"})


@pytest.fixture
def client():
    return Client(transport=FunctionTransport(answer), follow_redirect=True)


def check_shape(archive):
    json.dumps(archive)
    log = archive["log"]
    assert (log["version"], log["creator"]) == ("1.2", {"name": "restkit", "version": __version__})
    for entry in log["entries"]:
        assert set(entry) >= REQUIRED["entry"]
        for name in ("request", "response", "timings"):
            assert set(entry[name]) >= REQUIRED[name]
        assert set(entry["response"]["content"]) >= REQUIRED["content"]
    return log["entries"]


def test_an_exchange_and_the_redirects_before_it(client):
    response = client.get("http://h/moved")
    response.body_string()
    first, last = check_shape(export([response], show_secrets=True))
    assert (first["request"]["url"], first["response"]["status"]) == ("http://h/moved", 302)
    assert last["request"]["queryString"] == [{"name": "token", "value": "s3cret"}]
    assert last["response"]["content"] == {"size": 4, "mimeType": "text/plain; charset=utf-8", "text": "text"}
    assert (first["request"]["bodySize"], last["response"]["statusText"]) == (0, "OK")


def test_bodies_of_requests(client):
    responses = [
        client.post("http://h/", body={"password": "s3cret", "a": "b"}),
        client.post("http://h/", body=b"\xff"),
        client.post("http://h/", body=iter([b"x"])),
    ]
    form, binary, stream = (entry["request"] for entry in check_shape(export(responses)))
    assert form["postData"]["text"] == "password=***&a=b"
    assert form["postData"]["mimeType"].startswith("application/x-www-form-urlencoded")
    assert (binary["bodySize"], stream["bodySize"]) == (1, -1)
    assert "postData" not in binary
    assert "postData" not in stream


def test_bodies_that_were_not_read_are_left_out_and_binary_ones_are_base64(client):
    unread, binary = client.get("http://h/"), client.get("http://h/binary")
    binary.body_string()
    contents = [entry["response"]["content"] for entry in check_shape(export([unread, binary]))]
    assert contents == [
        {"size": -1, "mimeType": "text/plain; charset=utf-8"},
        {"size": 2, "mimeType": "", "text": "/wA=", "encoding": "base64"},
    ]


def test_secrets_are_masked_unless_they_are_asked_for(client):
    response = client.get("http://u:s3cret@h/moved?api_key=s3cret", headers={"X-Api-Key": "s3cret"})
    assert "s3cret" not in json.dumps(export([response]))
    assert json.dumps(export([response], show_secrets=True)).count("s3cret") >= 3


def test_times_are_those_of_the_exchange_however_late_it_is_exported(serve):
    server = serve()
    before = time.time()
    response = Client().get(server.url)
    response.body_string()
    after = time.time()
    time.sleep(0.2)
    entry = check_shape(export([response]))[0]
    started = datetime.datetime.fromisoformat(entry["startedDateTime"]).timestamp()
    assert before - 0.01 <= started <= after
    timings = entry["timings"]
    assert 0 <= timings["ssl"] <= timings["connect"]
    assert sum(timings.values()) - timings["ssl"] == pytest.approx(entry["time"])
    assert entry["time"] <= (after - before) * 1000 + 1
    response.close()
