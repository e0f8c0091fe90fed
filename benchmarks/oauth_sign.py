"""CPU time of one signed Authorization header: GET with 10 query parameters, HMAC-SHA1, with token.

Self-contained: `python benchmarks/oauth_sign.py [rounds]`. Needs oauthlib; authlib, requests-oauthlib are measured when
installed. The rounds of all contestants are interleaved, so that a slow moment of the machine hits all of them; what
is printed is the median over the rounds of the ratio to oauthlib in the same round.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import TYPE_CHECKING

from oauthlib.oauth1 import Client as OauthlibClient

from restkit_oauth2 import Consumer, OAuthFilter, Request, SignatureMethod_HMAC_SHA1, Token

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://api.example.com/1/statuses/update.json?" + "&".join(
    f"name{number}=value%20number%20{number}" if number % 2 else f"name{number}=value{number}"
    for number in range(10)
)
GOAL = 0.15
# Long enough (10 to 60 ms a contestant) for the clock, short enough that neighbours see the same machine.
LOOPS = 300
KEYS = ("consumer-key-0123456789", "consumer-secret-0123456789abcdef")
TOKEN = ("370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")


class Message:
    """A request as a client shows it to its filters."""

    def __init__(self) -> None:
        self.method = "GET"
        self.url = URL
        self.headers: dict[str, str] = {}
        self.body = None


def restkit_filter() -> Callable[[], object]:
    auth = OAuthFilter("*", Consumer(*KEYS), Token(*TOKEN))

    def sign() -> object:
        message = Message()
        auth.on_request(message)
        return message.headers["Authorization"]

    return sign


def restkit_request() -> Callable[[], object]:
    consumer, token, method = Consumer(*KEYS), Token(*TOKEN), SignatureMethod_HMAC_SHA1()

    def sign() -> object:
        request = Request.from_consumer_and_token(consumer, token, "GET", URL)
        request.sign_request(method, consumer, token)
        return request.to_header()["Authorization"]

    return sign


def oauthlib() -> Callable[[], object]:
    client = OauthlibClient(KEYS[0], KEYS[1], TOKEN[0], TOKEN[1])
    return lambda: client.sign(URL, "GET")[1]["Authorization"]


def authlib() -> Callable[[], object]:
    from authlib.oauth1.client import OAuth1Client  # noqa: F401 - tells whether its oauth1 part works here
    from authlib.oauth1.rfc5849.client_auth import ClientAuth

    client = ClientAuth(KEYS[0], KEYS[1], TOKEN[0], TOKEN[1])
    return lambda: client.sign("GET", URL, {}, b"")[1]["Authorization"]


def requests_oauthlib() -> Callable[[], object]:
    import requests
    from requests_oauthlib import OAuth1

    auth = OAuth1(KEYS[0], KEYS[1], TOKEN[0], TOKEN[1])
    prepared = requests.Request("GET", URL).prepare()
    return lambda: auth(prepared.copy()).headers["Authorization"]


def contestants() -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {"oauthlib": oauthlib()}
    for make in (restkit_filter, restkit_request, authlib, requests_oauthlib):
        try:
            found[make.__name__] = make()
        except ImportError as error:
            print(f"{make.__name__} is left out: {error}")
    return found


def measure(sign: Callable[[], object]) -> float:
    """Return microseconds of CPU for one signature."""
    start = time.process_time()
    for _ in range(LOOPS):
        sign()
    return (time.process_time() - start) / LOOPS * 1e6


def main(rounds: int = 15) -> int:
    signers = contestants()
    for sign in signers.values():
        sign()
    gc.disable()
    times: dict[str, list[float]] = {name: [] for name in signers}
    for _ in range(rounds):
        for name, sign in signers.items():
            times[name].append(measure(sign))
        gc.collect()
    print(f"{rounds} interleaved rounds of {LOOPS} signatures, Python {sys.version.split()[0]}")
    print(f"{'':20}{'us CPU':>9}{'ratio to oauthlib, median [min-max]':>40}")
    medians = {}
    for name, own in times.items():
        ratios = [mine / peer for mine, peer in zip(own, times["oauthlib"], strict=True)]
        medians[name] = statistics.median(ratios)
        spread = f"{medians[name]:.3f} [{min(ratios):.3f}-{max(ratios):.3f}]"
        print(f"{name:20}{statistics.median(own):9.1f}{spread:>40}")
    ratio = medians["restkit_filter"]
    print(f"goal: restkit_filter <= {GOAL} x oauthlib: {'met' if ratio <= GOAL else 'MISSED'} ({ratio:.3f})")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
