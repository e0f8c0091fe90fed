"""Every HTTP/1 case of the public vectors, whole, byte by byte and in 20 random cuts.

The folder's README explains the verdicts: `accept` and `reject` are firm, for `either` the reason tells an invariant.
"""

from __future__ import annotations

import base64
import json
import re

import pytest

FILES = ("llhttp", "go_http", "curl_responses", "h11", "smuggling")


@pytest.fixture(scope="module", params=FILES)
def runs_of_cases(request, vectors, wire, splits):
    """Each case of a file with its runs, one for each way to cut it."""
    cases = json.loads((vectors / f"{request.param}.json").read_text())["cases"]
    return [(case, runs(case, wire, splits)) for case in cases]


def runs(case, wire, splits):
    data = base64.b64decode(case["input_b64"])
    expected = (case.get("expected_rfc9112") or case["expected"])["messages"]
    finals = [m for m in expected if not 100 <= (m.get("status") or 200) < 200 or m.get("status") == 101]
    methods = [case["meta"].get("request_method") or "GET"] * max(1, len(finals))
    return {
        how: wire(case["kind"], pieces, methods=methods, eof=case["meta"]["eof_after_input"])
        for how, pieces in splits(data)
    }


def described(message):
    """A message in the terms of the vectors."""
    start = (
        (message["method"], message["target"])
        if "method" in message
        else (message["status"], message["reason"])
    )
    return {
        "start": start,
        "version": ".".join(map(str, message["version"])),
        "headers": [(name.lower(), value) for name, value in message["headers"]],
        "body": message["body"],
        "complete": message["complete"] or message["interim"],
        "trailers": [(name.lower(), value) for name, value in message["trailers"]],
    }


def wanted(message):
    start = (
        (message["method"], message["url"])
        if "method" in message
        else (message["status"], message.get("reason", ""))
    )
    body = (
        base64.b64decode(message["body_b64"]) if "body_b64" in message else message["body"].encode("latin-1")
    )
    return {
        "start": start,
        "version": message["version"],
        "headers": [(name.lower(), value.strip(" \t")) for name, value in message["headers"]],
        "body": body,
        "complete": message["complete"],
        "trailers": [(name.lower(), value.strip(" \t")) for name, value in message.get("trailers", [])],
    }


def test_the_outcome_does_not_depend_on_how_the_bytes_are_cut(runs_of_cases):
    differing = []
    for case, all_runs in runs_of_cases:
        outcomes = {how: run.verdict for how, run in all_runs.items()}
        differing += [
            (case["id"], how, outcome, outcomes["whole"])
            for how, outcome in outcomes.items()
            if outcome != outcomes["whole"]
        ]
    assert not differing, differing[0]


def test_what_the_rfc_accepts_comes_out_as_it_should(runs_of_cases):
    wrong = []
    for case, all_runs in runs_of_cases:
        if case["rfc9112"] != "accept":
            continue
        messages = (case.get("expected_rfc9112") or case["expected"])["messages"]
        expected = [wanted(m) for m in messages if m.get("headers_complete", True)]
        for how, run in all_runs.items():
            if run.error is not None or [described(m) for m in run.messages] != expected:
                wrong.append((case["id"], how, run.error, run.messages, expected))
                break
    assert not wrong, wrong[0]


def test_what_the_rfc_rejects_is_an_error_and_never_a_complete_message(runs_of_cases):
    wrong = []
    for case, all_runs in runs_of_cases:
        if case["rfc9112"] != "reject":
            continue
        for how, run in all_runs.items():
            if run.error is None or any(m["complete"] for m in run.messages):
                wrong.append((case["id"], how, case["rfc9112_reason"], run.error, run.messages))
                break
    assert not wrong, wrong[0]


def breaches(case, run):
    """What in this run must never happen, whatever the verdict (the reasons of the cases, put as checks)."""
    data = base64.b64decode(case["input_b64"])
    complete = [m for m in run.messages if m["complete"]]
    reason = f"{case['rfc9112_reason']} {case.get('must_not')}"
    line_starts = {
        line.partition(b":")[0].strip(b" \t").lower() for line in re.split(b"\r\n", data) if line[:1] > b" "
    }
    for message in run.messages:
        fields = dict(message["headers"])
        lowered = {name.lower(): value for name, value in message["headers"]}
        if not {name.encode("latin-1").lower() for name in fields} <= line_starts:
            yield "text that begins no line was read as a field"
        if message.get("target", "").encode() not in data:
            yield "the target was altered"
        if "transfer-encoding" in lowered and "content-length" in lowered and message["keep_alive"]:
            yield "a message with both lengths left the connection in use"
        no_body = case["meta"].get("request_method") in ("HEAD", "CONNECT") or message.get("status") in (
            101,
            204,
            304,
        )
        if (
            message["complete"]
            and not no_body
            and "transfer-encoding" not in lowered
            and message.get("method") != "CONNECT"
        ):
            lengths = (
                set(re.split("[, ]+", lowered["content-length"])) if "content-length" in lowered else None
            )
            if lengths is not None and {int(text) for text in lengths} != {len(message["body"])}:
                yield "the body is not as long as its length"
    for earlier, _later in zip(run.messages, run.messages[1:], strict=False):
        if earlier["keep_alive"] is False:
            yield "a message was read after one that closes the connection"
    if "never be parsed as another message" in reason and len(run.messages) > 1:
        yield "two messages"
    if any(part in reason for part in ("never honour as TE", "never chunked", "is not chunked")) and any(
        m["complete"] and m["body"] == b"" and b"0\r\n\r\n" in data and case["kind"] == "request"
        for m in complete
    ):
        yield "chunked framing was used"
    if "flood" in case["id"] and run.error is None:
        yield "no bound was met"
    if "never reused" in reason and run.error is None and run.reusable:
        yield "the connection counts as reusable"


def test_no_invariant_is_broken_whatever_the_verdict(runs_of_cases):
    broken = [
        (case["id"], how, breach)
        for case, all_runs in runs_of_cases
        for how, run in all_runs.items()
        for breach in breaches(case, run)
    ]
    assert not broken, broken[0]
