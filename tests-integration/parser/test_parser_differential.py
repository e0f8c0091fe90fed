"""Our parser against httptools (llhttp) and h11: on the vectors every difference is one the README explains, on generated
messages there is none."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from random import Random

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE)]

import differences  # noqa: E402
import peers  # noqa: E402

README = (ROOT / "packages" / "restkit-parser" / "README.md").read_text(encoding="utf-8")
PEERS = {"httptools": peers.llhttp, "h11": peers.h11_}


@pytest.fixture(scope="module")
def cases():
    folder = Path(os.environ.get("RESTKIT_VECTORS", ROOT.parent / "shared" / "vectors"))
    if not folder.is_dir():
        hint = "set RESTKIT_VECTORS to the folder of test vectors"
        (pytest.fail if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip)(hint)
    files = ("llhttp", "go_http", "curl_responses", "h11", "smuggling")
    return [case for name in files for case in json.loads((folder / f"{name}.json").read_text())["cases"]]


def methods_of(case):
    messages = (case.get("expected_rfc9112") or case["expected"])["messages"]
    finals = [m for m in messages if not 100 <= (m.get("status") or 200) < 200 or m.get("status") == 101]
    return [case["meta"].get("request_method") or "GET"] * max(1, len(finals))


def outcomes(peer, case):
    data = base64.b64decode(case["input_b64"])
    # httptools can not be told of the end of the connection.
    eof = case["meta"]["eof_after_input"] and peer == "h11"
    methods = methods_of(case)
    return peers.restkit(case["kind"], data, methods, eof), PEERS[peer](case["kind"], data, methods, eof)


@pytest.mark.parametrize("peer", PEERS)
def test_each_difference_on_the_vectors_is_explained(cases, peer):
    unexplained = []
    for case in cases:
        ours, theirs = outcomes(peer, case)
        data = base64.b64decode(case["input_b64"])
        if ours != theirs and not differences.explain(
            peer, case["kind"], data, methods_of(case), ours, theirs
        ):
            unexplained.append((case["id"], case["rfc9112"], data[:200], ours, theirs))
    assert not unexplained


def test_no_explanation_is_without_a_case(cases):
    used = set()
    for case in cases:
        for peer in PEERS:
            ours, theirs = outcomes(peer, case)
            if ours != theirs:
                data = base64.b64decode(case["input_b64"])
                used.update(differences.explain(peer, case["kind"], data, methods_of(case), ours, theirs))
    assert used == {name for name, *_ in differences.ROWS}


def test_the_readme_lists_each_difference():
    missing = [name for name, *_ in differences.ROWS if f"| {name} |" not in README]
    assert not missing


def test_where_we_refuse_and_the_rfc_accepts_there_is_no_case(cases):
    wrong = [case["id"] for case in cases if case["rfc9112"] == "accept" and outcomes("h11", case)[0].refused]
    assert not wrong


NAMES = ["Accept", "X-One", "x_two", "Content-Type", "ETag", "Cookie", "!#$%&'*+-.^_`|~9"]
VALUES = ["", "a", "a b", "a, b", '"q"', "t\tt", "\xe9\xff", "a=b; c", "x" * 300]


def generated(random):
    """One message that no parser has a reason to refuse: kind, bytes, methods."""
    kind = random.choice(["request", "response"])
    version = random.choice(["1.1", "1.1", "1.0"])
    body = bytes(random.randrange(256) for _ in range(random.choice([0, 1, 5, 40])))
    fields = [(random.choice(NAMES), random.choice(VALUES)) for _ in range(random.randrange(6))]
    method = "GET"
    if kind == "request":
        method = random.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
        target = random.choice(["/", "/a?b=c&d=%20", "http://h/p", "*" if method == "OPTIONS" else "/x;y"])
        start = f"{method} {target} HTTP/{version}"
        fields.append(("Host", "example.com:80"))
    else:
        start = f"HTTP/{version} {random.choice([200, 201, 404, 500])} {random.choice(['OK', '', 'Not  F'])}"
    framing = random.choice(["length", "chunked"]) if version == "1.1" else "length"
    if framing == "length":
        fields.append((random.choice(["Content-Length", "content-LENGTH"]), str(len(body))))
    else:
        fields.append(("Transfer-Encoding", random.choice(["chunked", "Chunked"])))
    random.shuffle(fields)
    space = random.choice(["", " ", "\t", "  "])
    head = start + "\r\n" + "".join(f"{name}:{space}{value}\r\n" for name, value in fields) + "\r\n"
    return kind, head.encode("latin-1") + (body if framing == "length" else chunked(body, random))


def chunked(body, random):
    data = b""
    while body:
        size = random.randrange(1, 20)
        piece, body = body[:size], body[size:]
        data += b"%x%b\r\n%b\r\n" % (len(piece), random.choice([b"", b";a=b", b';a="b;c"', b";x"]), piece)
    return data + b"0\r\n" + random.choice([b"", b"X-Trailer: a\r\n"]) + b"\r\n"


@pytest.mark.parametrize("seed", range(8))
def test_on_well_formed_messages_all_three_agree(seed):
    random = Random(seed)
    for _ in range(250):
        kind, data = generated(random)
        found = {
            "restkit": peers.restkit(kind, data, ["GET"], False),
            **{name: peer(kind, data, ["GET"], False) for name, peer in PEERS.items()},
        }
        assert found["restkit"].bodies, data
        assert all(outcome == found["restkit"] for outcome in found.values()), (data, found)
