"""Random requests that every party can read: what oauthlib's own parser refuses is left out, and said where."""

import random
from typing import NamedTuple
from urllib.parse import quote, quote_plus

FORM = "application/x-www-form-urlencoded"
LETTERS = [
    *"abcXYZ0189",
    *"-._~",
    *"!*'()$,;:@/?[]#&=+% <>\"\\^`{|}",
    *"éßñØ€☃日本𝄞",
    "\u0301",
    "\x7f",
    "\t",
    "realm",
    "oauth",
]
HOSTS = [
    "example.com",
    "EXAMPLE.com",
    "a-b.Example.ORG",
    "127.0.0.1",
    "[2001:DB8::1]",
    "[::1]",
    "xn--bcher-kva.example",
]
# What may stand in a path as it is (RFC 3986 §3.3), and escapes of both cases.
PATHS = ["a", "Z9", "-._~", "!$&'()*+,;=", ":@", "%20", "%2F", "%2f", "%C3%A9", "%7E"]


class Message(NamedTuple):
    """A request without its signature."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    consumer: tuple[str, str]
    token: tuple[str, str] | None


def random_text(rng: random.Random, longest: int = 8) -> str:
    # A caller's parameter of that beginning is one of the protocol's, which oauthlib takes from one place only.
    return "".join(rng.choices(LETTERS, k=rng.randrange(longest))).replace("oauth_", "oauth")


def encoded(rng: random.Random, text: str) -> str:
    """The text in one of the ways in which senders encode it."""
    way = rng.randrange(4)
    if way == 0:
        return quote_plus(text)
    if way == 1:
        return quote(text, safe="")
    # Reserved characters that oauthlib allows unencoded in form text (its `urlencoded` set, but & and =).
    done = quote(text, safe=":,*@!()/?'$")
    return done.lower() if way == 3 and done.isascii() and text == text.lower() else done


def form_text(rng: random.Random) -> str:
    names = [random_text(rng) for _ in range(rng.randrange(1, 4))]
    pairs = []
    for _ in range(rng.randrange(7)):
        name = encoded(rng, rng.choice(names))
        value = encoded(rng, random_text(rng))
        # A name that is empty, or alone, is legal; "" is no parameter at all.
        pairs.append(name if not value and name and rng.random() < 0.5 else f"{name}={value}")
    return "&".join(pairs)


def random_message(rng: random.Random) -> Message:
    scheme = rng.choice(["http", "https", "HTTP", "Https"])
    port = rng.choice(["", "", ":80", ":443", ":8080", ":65535", ":1"])
    path = "/".join(["", *rng.choices(PATHS, k=rng.randrange(4))])
    query = form_text(rng)
    fragment = rng.choice(["", "", "#top", "#a?b"])
    url = f"{scheme}://{rng.choice(HOSTS)}{port}{path}{'?' if query else ''}{query}{fragment}"
    method = rng.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "get", "Options"])
    headers, body = {}, None
    if method in ("POST", "PUT", "PATCH"):
        kind = rng.randrange(3)
        if kind == 0:
            headers = {"Content-Type": rng.choice([FORM, FORM + "; charset=utf-8"])}
            body = form_text(rng).encode()
        elif kind == 1:
            headers = {"Content-Type": "application/json"}
            body = rng.randbytes(rng.randrange(1, 20))
    secrets = [random_text(rng, 20) or "s" for _ in range(2)]
    consumer = ("".join(rng.choices("abcdefghijklmnop0123456789", k=24)), secrets[0])
    token = (
        ("".join(rng.choices("abcdefghijklmnop0123456789", k=24)), secrets[1]) if rng.random() < 0.8 else None
    )
    return Message(method, url, headers, body, consumer, token)
