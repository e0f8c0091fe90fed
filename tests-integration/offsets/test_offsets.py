"""A connection that is cut, reset, split, delayed or damaged at each byte of a response.

Split and delayed bytes give the right response. A cut or a reset before the end gives a documented exception. Damaged
bytes mean what RFC 9112 says they mean, by the strict parser that sees all of them at once; under TLS they are always
an exception. Nothing hangs, no socket stays open, and the connection that goes back to the pool is a clean one: the
next try goes over it.

RESTKIT_STRESS=1 tries every offset and more damage; the normal run every seventh.
"""

import functools
import os
import ssl

import pytest

from .exchanges import RESPONSES, TEXT
from .faulty_server import Fault
from .oracle import decoded, meaning
from .trials import Table, Trial, plain_verdict, secure_verdict, sockets, sockets_fall_to, spread

STRESS = os.environ.get("RESTKIT_STRESS") == "1"
STEP = 1 if STRESS else 7
KINDS = ("cut", "reset", "split", "delay", "corrupt")
# Waiting is most of what they do.
LANES = {"delay": 8}
# Each bit's neighbourhood: the next byte, the other case, the other half of the table.
CHANGES = (1, 32, 128)
# What has a meaning in a head or in a chunk's size, wherever it stands.
MARKS = b"\0\t\r\n 0159:;,=af"


def faults_of(kind, response, head_end):
    """The faults of one kind, at every offset that this run tries."""
    for offset in range(len(response))[::STEP]:
        if kind != "corrupt":
            yield Fault(kind, offset)
            continue
        changes = set(CHANGES if STRESS else CHANGES[:1])
        if STRESS and (offset < head_end or response[offset] in b"\r\n"):
            changes |= {(mark - response[offset]) % 256 for mark in MARKS} - {0}
        elif not STRESS:
            changes |= {(MARKS[offset % len(MARKS)] - response[offset]) % 256} - {0}
        yield from (Fault(kind, offset, change) for change in sorted(changes))


def settle(table, before, capsys):
    assert sockets_fall_to(before), f"{sockets() - before} sockets are left open"
    if STRESS:
        with capsys.disabled():
            print(f"\n{table}")
    assert not table.wrong, f"{len(table.wrong)} of {table.counts.total()}: {table.wrong[:5]}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", RESPONSES)
def test_a_fault_at_any_byte_of_a_plain_response_is_seen_or_does_no_harm(form, kind, capsys):
    response = RESPONSES[form]
    intended = decoded(meaning(response))
    assert intended.body == TEXT
    table, before = Table(), sockets()

    def attempt(fault, trial):
        if form == "until close" and kind == "cut" and fault.offset >= response.index(b"\r\n\r\n") + 4:
            # Such a body has no end but the connection's: only TLS can tell a cut from it (RFC 9112 section 8).
            fault = fault._replace(kind="reset")
        result = trial.run(fault)
        table.add(form, fault, *plain_verdict(response, intended, fault, result))

    work = [
        functools.partial(attempt, fault)
        for fault in faults_of(kind, response, response.index(b"\r\n\r\n") + 4)
    ]
    spread(work, LANES.get(kind, 2), lambda: Trial(response, closes=form == "until close"))
    settle(table, before, capsys)


@pytest.fixture(scope="module")
def contexts(certificates):
    made = []
    for _ in range(2):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server)
        made.append(context)
    return made


def try_under_tls(part, form, kind, offsets, contexts, authority):
    """Each offset of the handshake, or of the records of a response."""
    response = RESPONSES[form]
    intended = decoded(meaning(response))
    table = Table()
    from_start = part == "handshake"

    def attempt(offset, trial):
        fault = Fault(kind, offset, 1, from_start)
        result = trial.run(fault, fresh=from_start)
        table.add(f"TLS {part}", fault, *secure_verdict(intended, fault, result))

    make = functools.partial(Trial, response, contexts, authority, form == "until close")
    spread([functools.partial(attempt, offset) for offset in offsets], LANES.get(kind, 2), make)
    return table


def stream_lengths(form, contexts, authority):
    """How many bytes of records a server sends before the response, for it, and (handshake apart) after it."""
    trial = Trial(RESPONSES[form], contexts, authority, form == "until close")
    try:
        trial.run(Fault("split", 0))
        begin, end = trial.server.seen
        return begin, end - begin
    finally:
        trial.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["handshake", "records"])
def test_a_fault_at_any_byte_of_a_tls_stream_is_seen_or_does_no_harm(
    part, kind, contexts, certificates, capsys
):
    handshake, records = stream_lengths("length", contexts, certificates.authority)
    length = handshake if part == "handshake" else records
    before = sockets()
    table = try_under_tls(part, "length", kind, range(length)[::STEP], contexts, certificates.authority)
    settle(table, before, capsys)


# A close_notify alert of TLS 1.3: the record's head, the alert, its kind, the tag.
CLOSE_NOTIFY = 5 + 2 + 1 + 16


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_any_byte_of_the_close_notify_that_ends_a_body_is_seen_or_does_no_harm(
    kind, contexts, certificates, capsys
):
    _, records = stream_lengths("until close", contexts, certificates.authority)
    before = sockets()
    offsets = range(records, records + CLOSE_NOTIFY)
    table = try_under_tls("close", "until close", kind, offsets, contexts, certificates.authority)
    settle(table, before, capsys)
