"""The public cookie vectors: http-state's, and our own for rfc6265bis."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from restkit_client.cookies import CookieJar
from restkit_client.cookies.dates import parse_cookie_date
from restkit_client.cookies.parsing import default_path, domain_match, path_match

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("RESTKIT_VECTORS", ROOT.parent / "shared" / "vectors"))
CASES = (
    json.loads((FOLDER / "cookies.json").read_text())["cases"] if (FOLDER / "cookies.json").exists() else []
)

# Where the successor of RFC 6265 leaves a choice (level "either"), ours is another than the one printed.
OUR_CHOICES = {
    # A control character: the whole cookie is dropped (rfc6265bis §5.6, step 1), it is not cut there.
    "cookie/http-state/disabled_chromium0022": [],
    "cookie/http-state/disabled_chromium0023": [],
    # Paths are compared as they are written, not decoded.
    "cookie/http-state/disabled_path0029": [],
    # The last Domain counts; an empty one is none (rfc6265bis §5.6.3).
    "cookie/http-state/optional_domain0042": [["foo", "bar"]],
}


@pytest.fixture(autouse=True)
def _vectors_are_there():
    if not CASES:
        hint = "set RESTKIT_VECTORS to the folder of test vectors"
        pytest.fail(hint) if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip(hint)


def of_kind(kind):
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == kind]


def on_the_wire(text):
    """Field values are latin-1 text to us; the vectors hold what the bytes mean in UTF-8."""
    return text.encode().decode("latin-1")


def single_label(domain):
    """The prevailing rule of the public suffix list for a name it does not hold."""
    return "." not in domain


@pytest.mark.parametrize("case", of_kind("cookie"))
def test_cookies_are_stored_and_sent(case):
    now = datetime.fromisoformat(case["now"]).timestamp()
    jar = CookieJar(is_public_suffix=single_label)
    jar.receive(case["set_url"], map(on_the_wire, case["set_cookie"]), now)
    sent = [[cookie.name, cookie.value] for cookie in jar.cookies_for(case["get_url"], now)]
    expected = [[on_the_wire(name), on_the_wire(value)] for name, value in case["expected"]]
    assert sent == OUR_CHOICES.get(case["id"], expected)


@pytest.mark.parametrize("case", of_kind("cookie-date"))
def test_dates_are_read(case):
    expected = case["expected"]
    if expected is not None:
        expected = datetime.strptime(expected, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC).timestamp()
    assert parse_cookie_date(case["input"]) == expected


@pytest.mark.parametrize("case", of_kind("cookie-domain-match"))
def test_domains_match(case):
    assert domain_match(*case["input"]) is case["expected"]


@pytest.mark.parametrize("case", of_kind("cookie-path-match"))
def test_paths_match(case):
    assert path_match(*case["input"]) is case["expected"]


@pytest.mark.parametrize("case", of_kind("cookie-default-path"))
def test_default_paths(case):
    assert default_path(case["input"]) == case["expected"]


def test_a_choice_is_only_made_where_there_is_one():
    levels = {case["id"]: case.get("level") for case in CASES}
    assert {levels[name] for name in OUR_CHOICES} == {"either"}
