"""The servers of the fixtures answer, asked by the standard library: a failure here is not restkit's."""

import json
import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest

from servers.certificates import Certificates
from servers.nginx import Nginx
from servers.squid import PASSWORD, USER, Squid


def fetch(url: str, *handlers: urllib.request.BaseHandler, **options: Any) -> tuple[int, bytes]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)
    with opener.open(urllib.request.Request(url, **options), timeout=20) as answer:
        return answer.status, answer.read()


def test_nginx_serves_a_file_and_logs_the_connection(nginx: Nginx) -> None:
    assert fetch(nginx.url + "/small.txt?logged") == (200, b"hello from nginx\n")
    (served,) = nginx.served("?logged", 1)
    assert (served.method, served.target, served.status) == ("GET", "/small.txt?logged", 200)


def test_nginx_has_the_certificate_of_its_name(nginx: Nginx, certificates: Certificates) -> None:
    context = ssl.create_default_context(cafile=certificates.authority)
    assert fetch(nginx.tls_url + "/small.txt", urllib.request.HTTPSHandler(context=context))[0] == 200
    with pytest.raises(urllib.error.URLError, match="Hostname mismatch"):
        fetch(nginx.wrong_name_url + "/small.txt", urllib.request.HTTPSHandler(context=context))


def test_gunicorn_says_what_it_received(gunicorn: str) -> None:
    told = json.loads(fetch(gunicorn + "/echo/a?b=c", data=b"four", method="PUT")[1])
    assert (told["method"], told["path"], told["query"], told["length"]) == ("PUT", "/echo/a", {"b": "c"}, 4)


def test_squid_forwards_and_asks_for_its_password(squid: Squid, gunicorn: str) -> None:
    proxy, url = urllib.request.ProxyHandler, gunicorn + "/echo/through-squid"
    assert fetch(url, proxy({"http": squid.url}))[0] == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(url, proxy({"http": squid.locked_url}))
    refused.value.close()
    assert refused.value.code == 407
    known = squid.locked_url.replace("//", f"//{USER}:{PASSWORD}@")
    assert fetch(url, proxy({"http": known}))[0] == 200
    found = squid.served(url, 3)
    assert found == [f"GET {url} {status}" for status in (200, 407, 200)]


def test_pouchdb_keeps_a_document(pouchdb: str) -> None:
    json_type = {"Content-Type": "application/json"}
    assert fetch(pouchdb + "/books", method="PUT")[0] == 201
    assert fetch(pouchdb + "/books/one", method="PUT", data=b'{"title": "x"}', headers=json_type)[0] == 201
    assert json.loads(fetch(pouchdb + "/books/one")[1])["title"] == "x"
