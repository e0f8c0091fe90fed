"""Mutated messages through both parsers; run by test_parser_properties under `python -O`, so it raises by itself."""

from __future__ import annotations

from random import Random

from restkit_parser import RequestParser, ResponseParser, RestkitError

GOOD = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
    b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
]


def outcome(parser, pieces):
    told = []
    try:
        for piece in pieces:
            parser.feed(piece)
            told += parser
        parser.feed_eof()
        told += parser
    except RestkitError as error:
        told.append(type(error))
    content = b"".join(event for event in told if isinstance(event, bytes))
    return content, [str(event) for event in told if not isinstance(event, bytes)]


def main():
    random = Random(4)
    for number in range(3000):
        data = bytearray(random.choice(GOOD))
        for _ in range(random.randrange(4)):
            at = random.randrange(len(data))
            data[at : at + random.randrange(2)] = random.choice(
                [b"\r", b"\n", b"\0", b" ", b":", b"0", b"\xff", b"\r\n"]
            )
        for make in (RequestParser, ResponseParser):
            parsers = make(), make()
            if make is ResponseParser:
                for parser in parsers:
                    parser.expect("GET")
            whole = outcome(parsers[0], [bytes(data)])
            if whole != outcome(parsers[1], [bytes([byte]) for byte in data]):
                raise SystemExit(f"{number}: {bytes(data)!r} differs byte by byte")
    print("3000 messages, all outcomes documented and the same byte by byte")  # noqa: T201 - its result


main()
