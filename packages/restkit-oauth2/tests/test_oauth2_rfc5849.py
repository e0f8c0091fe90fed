"""The examples that RFC 5849 prints, signatures corrected by its errata (2550 and the like)."""

import pytest

from restkit_oauth2 import Consumer, Request, SignatureMethod_HMAC_SHA1, SignatureMethod_PLAINTEXT, Token

PRINTER = Consumer("dpf43f3p2l4k3l03", "kd94hf93k423kf44")
HMAC = SignatureMethod_HMAC_SHA1()


def signed(method, url, consumer, token, /, **parameters):
    fields = {f"oauth_{name}": value for name, value in parameters.items()}
    request = Request(method, url, fields)
    request.sign_request(HMAC, consumer, token, body_hash=False)
    return request


def test_base_string_and_signature_of_section_3_4_1():
    """The request of §3.4.1.1 with the credentials of §3.1; erratum 2550 gives the signature."""
    request = Request(
        "POST",
        "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        {
            "oauth_consumer_key": "9djdj82h48djs9d2",
            "oauth_token": "kkk9d7dh3k39sjv7",
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": "137131201",
            "oauth_nonce": "7d8f3e4a",
            "c2": "",
            "a3": "2 q",
        },
    )
    consumer = Consumer("9djdj82h48djs9d2", "j49sk3j29djd")
    token = Token("kkk9d7dh3k39sjv7", "dh893hdasih9")
    raw = HMAC.signing_base(request, consumer, token)[1]
    assert raw == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
        "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
        "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )
    request.sign_request(HMAC, consumer, token, body_hash=False)
    assert request["oauth_signature"] == "r6/TJjbCOr97/+UU0NsvSne7s5g="
    assert request.to_header("Example")["Authorization"] == (
        'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", '
        'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", '
        'oauth_signature="r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D"'
    )


def test_token_request_of_section_1_2():
    request = signed(
        "POST",
        "https://photos.example.net/token",
        PRINTER,
        Token("hh5s93j4hdidpola", "hdhd0244k9j7ao03"),
        consumer_key="dpf43f3p2l4k3l03",
        token="hh5s93j4hdidpola",
        signature_method="HMAC-SHA1",
        timestamp="137131201",
        nonce="walatlh",
        verifier="hfdp7dh39dks9884",
    )
    assert request.to_header("Photos")["Authorization"] == (
        'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="hh5s93j4hdidpola", '
        'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="walatlh", '
        'oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"'
    )


def test_photo_request_of_section_1_2():
    request = signed(
        "GET",
        "http://photos.example.net/photos?file=vacation.jpg&size=original",
        PRINTER,
        Token("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
        consumer_key="dpf43f3p2l4k3l03",
        token="nnch734d00sl2jdk",
        signature_method="HMAC-SHA1",
        timestamp="137131202",
        nonce="chapoH",
    )
    assert request.to_header("Photos")["Authorization"] == (
        'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", '
        'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH", '
        'oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"'
    )


def test_plaintext_request_of_section_2_1():
    consumer = Consumer("jd83jd92dhsh93js", "ja893SD9")
    request = Request(
        "POST",
        "https://server.example.com/request_temp_credentials",
        {
            "oauth_consumer_key": "jd83jd92dhsh93js",
            "oauth_signature_method": "PLAINTEXT",
            "oauth_callback": "http://client.example.net/cb?x=1",
        },
    )
    request.sign_request(SignatureMethod_PLAINTEXT(), consumer, None, body_hash=False)
    assert request.to_header("Example")["Authorization"] == (
        'OAuth realm="Example", oauth_consumer_key="jd83jd92dhsh93js", oauth_signature_method="PLAINTEXT", '
        'oauth_callback="http%3A%2F%2Fclient.example.net%2Fcb%3Fx%3D1", oauth_signature="ja893SD9%26"'
    )


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
        ("https://www.example.net:8080/?q=1", "https://www.example.net:8080/"),
    ],
)
def test_base_string_uris_of_section_3_4_1_2(url, uri):
    assert Request("GET", url).normalized_url == uri
