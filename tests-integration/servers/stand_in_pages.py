"""The stand-in's pages: those of the demo, and what documentation and the manual's examples ask the hosts that they name for."""

import base64
from urllib.parse import parse_qsl

from servers.demo import demo

BOOKS, as_json = demo("app").BOOKS, demo("app").as_json
LOGO = b"GIF89a" + bytes(range(256)) * 400


def application(environ, start_response):
    """By host and path; whatever is not found here is looked for in the demo."""
    host, path = environ.get("HTTP_HOST", ""), environ["PATH_INFO"]
    page = PAGES.get((host, path)) or PAGES.get(path)
    if page is None:
        return demo("app").application(environ, start_response)
    status, fields, body = page(environ)
    start_response(status, fields)
    return body


def text(value, kind="text/plain; charset=utf-8", status="200 OK", fields=()):
    body = value if isinstance(value, bytes) else value.encode()
    return status, [("Content-Type", kind), ("Content-Length", str(len(body))), *fields], [body]


def home(environ):
    """A page for every host."""
    return text(f"<h1>{environ['HTTP_HOST']}</h1>\n", "text/html; charset=utf-8")


def echo(environ):
    """What was asked, as JSON."""
    fields = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    query = dict(parse_qsl(environ["QUERY_STRING"]))
    body = environ["wsgi.input"].read().decode("latin-1")
    asked = {"method": environ["REQUEST_METHOD"], "query": query, "fields": fields, "body": body}
    return as_json(asked | {"type": environ["CONTENT_TYPE"]})


def book(environ):
    """One book, with a validator."""
    if environ.get("HTTP_IF_NONE_MATCH") == '"1"':
        return "304 Not Modified", [("ETag", '"1"')], []
    return as_json(BOOKS[1], fields=[("ETag", '"1"')])


def search(environ):
    """A line for each book of `?author=`."""
    author = dict(parse_qsl(environ["QUERY_STRING"])).get("author", "")
    return text("".join(f"{each['title']}\n" for each in BOOKS if author in each["author"]))


def events(environ):
    """Server-sent events."""
    return text("event: title\ndata: Solaris\n\ndata: The Dispossessed\n\n", "text/event-stream")


def login(environ):
    return text("welcome\n", fields=[("Set-Cookie", "session=s3cr3t; Path=/; HttpOnly")])


def members(environ):
    """For user `ada`, password `lovelace`."""
    given = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Basic ")
    if base64.b64decode(given) != b"ada:lovelace":
        return text(
            "who are you?\n",
            status="401 Unauthorized",
            fields=[("WWW-Authenticate", 'Basic realm="members"')],
        )
    return as_json({"hello": "ada"})


def busy(environ):
    return text("try later\n", status="503 Service Unavailable", fields=[("Retry-After", "0")])


def token(environ):
    """What an OAuth provider answers with a token; the request has to be signed."""
    signed = environ["QUERY_STRING"] + environ.get("HTTP_AUTHORIZATION", "")
    if "oauth_signature=" not in signed:
        return text("not signed", status="401 Unauthorized")
    kind = environ["PATH_INFO"].rpartition("/")[2]
    confirmed = "&oauth_callback_confirmed=true" if kind == "request_token" else ""
    return text(f"oauth_token={kind}&oauth_token_secret=hush{confirmed}", "application/x-www-form-urlencoded")


def twitter_search(environ):
    return as_json({"results": [{"text": f"all about {dict(parse_qsl(environ['QUERY_STRING']))['q']}"}]})


def to_www(environ):
    return text(
        "moved", status="301 Moved Permanently", fields=[("Location", f"http://www.{environ['HTTP_HOST']}/")]
    )


PAGES = {
    "/": home,
    "/echo": echo,
    "/books/1": book,
    "/books/search": search,
    "/events": events,
    "/login": login,
    "/members": members,
    "/busy": busy,
    "/oauth/request_token": token,
    "/oauth/access_token": token,
    "/some/url": echo,
    "/logo.gif": lambda environ: text(LOGO, "image/gif"),
    "/images/logo.gif": lambda environ: text(LOGO, "image/gif"),
    "/1ZSEoJeOarc3ULexzWOk5Y_633433316631/raw": lambda environ: text("welcome to friendpaste"),
    ("search.twitter.com", "/search.json"): twitter_search,
    ("google.com", "/"): to_www,
    ("yahoo.fr", "/"): to_www,
}
