"""A small GET on a live connection: the body of 13 bytes is read, the connection is used again."""

import http.client
import io
import socket

from frame import Work

UNIT = (1e6, "us/request")
FLOOR = "raw"
GOALS = {"pycurl": 1.0, "http.client": 0.3, "urllib3": 0.13, "httpx": 0.05, "requests": 0.035}

BODY = b"hello, world\n"


def check(body: bytes) -> None:
    """A peer that reads something else is not measured."""
    if body != BODY:
        raise ValueError(f"unexpected body {body[:80]!r}")


def raw(host: str, port: int) -> Work:
    """One send, one recv, one find: what no client can beat."""
    connection = socket.create_connection((host, port))
    request = f"GET /small HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
    send, recv = connection.send, connection.recv

    def work(count: int) -> None:
        for _ in range(count):
            send(request)
            data = recv(65536)
            check(data[data.find(b"\r\n\r\n") + 4 :])

    return work


def http_client(host: str, port: int) -> Work:
    """The standard library."""
    connection = http.client.HTTPConnection(host, port)

    def work(count: int) -> None:
        for _ in range(count):
            connection.request("GET", "/small")
            check(connection.getresponse().read())

    return work


def urllib3(host: str, port: int) -> Work:
    """A PoolManager, as its users have."""
    from urllib3 import PoolManager

    pool, url = PoolManager(), f"http://{host}:{port}/small"

    def work(count: int) -> None:
        for _ in range(count):
            check(pool.request("GET", url).data)

    return work


def requests(host: str, port: int) -> Work:
    """A Session, which keeps connections."""
    from requests import Session

    session, url = Session(), f"http://{host}:{port}/small"

    def work(count: int) -> None:
        for _ in range(count):
            check(session.get(url).content)

    return work


def httpx(host: str, port: int) -> Work:
    """A Client, HTTP/1.1."""
    from httpx import Client

    client, url = Client(), f"http://{host}:{port}/small"

    def work(count: int) -> None:
        for _ in range(count):
            check(client.get(url).content)

    return work


def pycurl(host: str, port: int) -> Work:
    """One handle used again, its fields collected, as a client would."""
    from pycurl import HEADERFUNCTION, URL, WRITEFUNCTION, Curl

    curl = Curl()
    curl.setopt(URL, f"http://{host}:{port}/small")

    def work(count: int) -> None:
        for _ in range(count):
            body, fields = io.BytesIO(), io.BytesIO()
            curl.setopt(WRITEFUNCTION, body.write)
            curl.setopt(HEADERFUNCTION, fields.write)
            curl.perform()
            check(body.getvalue())

    return work


def restkit(host: str, port: int) -> Work:
    """A Client on its session pool."""
    from restkit_client import Client

    client, url = Client(), f"http://{host}:{port}/small"

    def work(count: int) -> None:
        for _ in range(count):
            check(client.request(url).body_string())

    return work


PEERS = {
    "raw": raw,
    "restkit": restkit,
    "pycurl": pycurl,
    "http.client": http_client,
    "urllib3": urllib3,
    "httpx": httpx,
    "requests": requests,
}
