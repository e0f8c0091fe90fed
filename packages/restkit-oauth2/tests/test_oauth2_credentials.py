"""Consumer, Token and the generators."""

import re

import pytest

import restkit_oauth2 as oauth
from restkit_oauth2 import Consumer, Token


@pytest.mark.parametrize("kind", [Consumer, Token])
@pytest.mark.parametrize(("key", "secret"), [(None, "s"), ("k", None), (None, None)])
def test_key_and_secret_are_needed(kind, key, secret):
    with pytest.raises(ValueError, match=r"^Key and secret must be set\.$"):
        kind(key, secret)


def test_a_consumer_as_text():
    assert str(Consumer("k y", "s&")) == "oauth_consumer_key=k%20y&oauth_consumer_secret=s%26"


def test_a_token_as_text_and_back():
    token = Token("k", "s")
    assert str(token) == token.to_string() == "oauth_token=k&oauth_token_secret=s"
    token.set_callback("http://a/")
    assert token.to_string() == "oauth_token=k&oauth_token_secret=s&oauth_callback_confirmed=true"
    again = Token.from_string(token.to_string() + "&screen_name=x%20y")
    assert (again.key, again.secret, again.callback_confirmed) == ("k", "s", "true")
    assert again.extra == {"screen_name": "x y"}
    assert Token.from_string(b"oauth_token=k&oauth_token_secret=").secret == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Invalid parameter string."),
        (b"", "Invalid parameter string."),
        ("a=1", "'oauth_token' not found in OAuth request."),
        ("oauth_token=k", "'oauth_token_secret' not found in OAuth request."),
    ],
)
def test_text_that_is_no_token(text, why):
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        Token.from_string(text)


@pytest.mark.parametrize(
    ("callback", "url"),
    [
        (None, None),
        ("http://a/b", "http://a/b?oauth_verifier=1%202"),
        ("http://a/b?c=d", "http://a/b?c=d&oauth_verifier=1%202"),
        ("http://a/b?c=d#e", "http://a/b?c=d&oauth_verifier=1%202#e"),
    ],
)
def test_callback_url_has_the_verifier(callback, url):
    token = Token("k", "s")
    if callback:
        token.set_callback(callback)
    assert token.get_callback_url() == callback
    token.set_verifier("1 2")
    assert token.get_callback_url() == url


def test_a_verifier_is_made_when_none_is_given():
    token = Token("k", "s")
    token.set_verifier()
    assert len(token.verifier) == 8
    assert token.verifier.isdigit()


@pytest.mark.parametrize("make", [oauth.generate_nonce, oauth.generate_verifier])
@pytest.mark.parametrize("length", [0, 1, 8, 40])
def test_random_digits_have_the_length_asked_for(make, length):
    assert len(make(length)) == length
    assert set(make(length)) <= set("0123456789")


def test_random_digits_are_even_and_differ():
    digits = oauth.generate_nonce(20_000)
    counts = [digits.count(digit) for digit in "0123456789"]
    # 2000 expected, standard deviation 42: nine of them is no accident.
    assert all(1620 < count < 2380 for count in counts)
    assert len({oauth.generate_nonce(20) for _ in range(200)}) == 200


def test_more_random_bytes_are_fetched_when_many_are_thrown_away(monkeypatch):
    rounds = iter([b"\xff" * 16, bytes(range(16))])
    monkeypatch.setattr("os.urandom", lambda count: next(rounds))
    assert oauth.generate_nonce(8) == "01234567"


def test_timestamp_is_now(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 137131200.9)
    assert oauth.generate_timestamp() == 137131200


def test_setter_makes_a_property():
    class Thing:
        @oauth.setter
        def name(self, value):
            self.__dict__["name"] = value.upper()

    thing = Thing()
    with pytest.raises(AttributeError, match="name"):
        thing.name  # noqa: B018
    with pytest.raises(AttributeError, match="name"):
        del thing.name
    thing.name = "a"
    assert thing.name == "A"
    del thing.name
    assert not hasattr(thing, "name")
