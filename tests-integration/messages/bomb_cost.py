"""Run alone by a test: does things with bombs, and prints what each cost in KiB of memory and what came of it."""

import json
import sys
from pathlib import Path
from typing import Any

from restkit import Client, Resource
from restkit.errors import BodyTooLarge
from restkit_client import codings

STATUS = Path("/proc/self/status")


def kib(field: str) -> int:
    return int(STATUS.read_text().partition(f"{field}:")[2].split()[0])


def first_bytes(url: str) -> int:
    with Client().get(url).body_stream() as body:
        return len(body.read(16))


def through(url: str) -> int:
    size = 0
    with Client().get(url).body_stream() as body:
        while block := body.read(65536):
            size += len(block)
    return size


def iterated(url: str) -> int:
    """The manual's download loop over a body without any newline."""
    size = 0
    with Client().get(url).body_stream() as body:
        for block in body:
            size += len(block)
    return size


def refused(url: str) -> int:
    try:
        Client().get(url).body_string(max_size=1 << 20)
    except BodyTooLarge:
        return -1
    return 0


def refused_by_ratio(url: str) -> int:
    try:
        Client(max_ratio=200).get(url).body_string()
    except BodyTooLarge:
        return -1
    return 0


def not_decoding() -> None:
    """From here on, to decode anything is an error."""

    def decoded(*_: Any, **__: Any) -> None:
        raise AssertionError("somebody decodes it")

    codings.decoded = decoded  # type: ignore[assignment]


def skipped(url: str) -> int:
    not_decoding()
    Client().get(url).skip_body()
    return 0


def closed(url: str) -> int:
    body = Client().get(url).body_stream()
    body.read(1)
    body.close()
    return 0


def redirected(url: str) -> int:
    not_decoding()
    return len(Client(follow_redirect=True).get(url + "/302").body_string())


def retried(url: str) -> int:
    not_decoding()
    return len(Client(retry_statuses=[503], wait_tries=0.001).get(url + "/503").body_string())


class Repeating(Resource):
    def unauthorized(self, response: Any) -> bool:
        return False


def repeated(url: str) -> int:
    not_decoding()
    return len(Repeating(url + "/401").get().body_string())


if __name__ == "__main__":
    url, coding, size, through_size, *actions = sys.argv[1:]
    # What is imported when first needed shall not count: a small body first, decoded the same way.
    through(f"{url}/{coding.replace('br-22', 'br').replace('br-24', 'br')}/{12 << 20}")
    figures = {}
    for action in actions:
        Path("/proc/self/clear_refs").write_text("5")
        before = kib("VmRSS")
        result = globals()[action](
            f"{url}/{coding}/{through_size if action in ('through', 'iterated') else size}"
        )
        figures[action] = {"result": result, "more": kib("VmHWM") - before, "peak": kib("VmHWM")}
    print(json.dumps(figures))
