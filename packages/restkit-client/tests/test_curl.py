"""to_curl: a request as a command."""

from __future__ import annotations

import shlex

import pytest

from restkit_client import Request

PLAIN = [
    (Request("http://h/a?b=c"), "curl 'http://h/a?b=c'"),
    (Request("http://h/", "HEAD"), "curl --head http://h/"),
    (
        Request("http://h/", "DELETE", headers={"X-A": "it's"}),
        """curl -X DELETE -H 'X-A: it'"'"'s' http://h/""",
    ),
    (Request("http://h/", headers={"X-Empty": ""}), "curl -H 'X-Empty;' http://h/"),
    (Request("http://h/", "POST"), "curl -X POST http://h/"),
    (
        Request("http://h/", "POST", "a b"),
        "curl -H 'Content-Type: application/octet-stream' --data-binary 'a b' http://h/",
    ),
    (
        Request("http://h/", "PUT", {"k": "v"}),
        "curl -X PUT -H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8' --data-binary k=v http://h/",
    ),
    (Request("http://h/?a[]={1}"), "curl --globoff 'http://h/?a[]={1}'"),
    (Request("http://[::1]/"), "curl --globoff 'http://[::1]/'"),
]


@pytest.mark.parametrize(("request_", "command"), PLAIN)
def test_the_command(request_, command):
    assert request_.to_curl() == command


@pytest.mark.parametrize(
    "body",
    [b"\xff", b"@file", b"a\0b", b"x" * 20_000, iter([b"x"])],
    ids=["binary", "at", "nul", "long", "iterator"],
)
def test_a_body_that_does_not_fit_a_command_is_read_from_stdin(body):
    words = shlex.split(Request("http://h/", "POST", body).to_curl())
    assert words[words.index("--data-binary") + 1] == "@-"


def test_a_file_is_named_and_one_without_a_type_gets_none(tmp_path):
    path = tmp_path / "name without type"
    path.write_bytes(b"x")
    with path.open("rb") as file:
        words = shlex.split(Request("http://h/", "POST", file).to_curl())
        assert words[words.index("--data-binary") + 1] == f"@{path}"
        assert "Content-Type:" in words
        assert file.tell() == 0


SECRETS = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Cookie": "s=s3cret"}


def test_secrets_are_masked_unless_they_are_asked_for():
    request = Request(
        "http://user:s3cret@h/?token=s3cret&q=1", "POST", {"password": "s3cret", "q": "#"}, SECRETS
    )
    shown = request.to_curl()
    assert "s3cret" not in shown
    assert shown.count("***") == 5
    assert "q=%23" in shown
    open_ = request.to_curl(show_secrets=True)
    assert open_.count("s3cret") == 5
    assert "***" not in open_
