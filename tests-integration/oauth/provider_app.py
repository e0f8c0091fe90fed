"""An OAuth 1.0a provider of oauthlib's server classes, as a WSGI application: one process, everything in memory.

/request_token, /authorize, /access_token   the three legs, strict
/old/request_token, /old/…                  the same, for clients that name no callback (the manual's script): they get a PIN
/photos                                     protected: answers who asks
"""

from urllib.parse import parse_qsl, urlencode
from wsgiref.util import request_uri

from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA1,
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_HMAC_SHA512,
    SIGNATURE_RSA_SHA1,
    SIGNATURE_RSA_SHA256,
    SIGNATURE_RSA_SHA512,
    AccessTokenEndpoint,
    AuthorizationEndpoint,
    OAuth1Error,
    RequestTokenEndpoint,
    RequestValidator,
    ResourceEndpoint,
)

CLIENT = ("client-key-of-24-letters", "client-secret&with/odd=characters")
USER = "Ann Onym"


class Validator(RequestValidator):
    """What oauthlib asks its user: who is known, which secrets they have, which nonces were used."""

    allowed_signature_methods = (
        SIGNATURE_HMAC_SHA1,
        SIGNATURE_HMAC_SHA256,
        SIGNATURE_HMAC_SHA512,
        SIGNATURE_RSA_SHA1,
        SIGNATURE_RSA_SHA256,
        SIGNATURE_RSA_SHA512,
    )
    # Its default alphabet has no hyphen.
    safe_characters = RequestValidator().safe_characters | {"-"}
    verifier_length = (20, 30)
    dummy_client = "dummy-client-of-24-chars"
    dummy_request_token = "dummy-request-token-24ch"
    dummy_access_token = "dummy-access-token-24chr"
    realms = ("",)

    def __init__(self, rsa_key=None, enforce_ssl=True, client=CLIENT):
        super().__init__()
        self.clients = dict([client])
        self.rsa_key = rsa_key
        self.ssl = enforce_ssl
        self.requested, self.granted, self.callbacks, self.verifiers = {}, {}, {}, {}
        self.nonces = set()

    @property
    def enforce_ssl(self):
        return self.ssl

    def check_realms(self, realms):
        return True

    def get_client_secret(self, client_key, request):
        return self.clients.get(client_key, "dummy")

    def get_rsa_key(self, client_key, request):
        return self.rsa_key

    def get_request_token_secret(self, client_key, token, request):
        return self.requested.get(token, "dummy")

    def get_access_token_secret(self, client_key, token, request):
        return self.granted.get(token, "dummy")

    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def get_redirect_uri(self, token, request):
        return self.callbacks[token]

    def invalidate_request_token(self, client_key, request_token, request):
        del self.requested[request_token]

    def validate_client_key(self, client_key, request):
        return client_key in self.clients

    def validate_request_token(self, client_key, token, request):
        return token in self.requested

    def validate_access_token(self, client_key, token, request):
        return token in self.granted

    def validate_timestamp_and_nonce(
        self, client_key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        used = (client_key, timestamp, nonce, request_token, access_token)
        if used in self.nonces:
            return False
        self.nonces.add(used)
        return True

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return True

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def validate_verifier(self, client_key, token, verifier, request):
        return self.verifiers.get(token) == verifier

    def verify_request_token(self, token, request):
        return token in self.requested

    def verify_realms(self, token, realms, request):
        return True

    def save_access_token(self, token, request):
        self.granted[token["oauth_token"]] = token["oauth_token_secret"]

    def save_request_token(self, token, request):
        self.requested[token["oauth_token"]] = token["oauth_token_secret"]
        self.callbacks[token["oauth_token"]] = request.redirect_uri

    def save_verifier(self, token, verifier, request):
        self.verifiers[token] = verifier["oauth_verifier"]


class OldRequestTokenEndpoint(RequestTokenEndpoint):
    """As providers were when the manual was written: who names no callback gets a PIN."""

    def _create_request(self, uri, http_method, body, headers):
        request = super()._create_request(uri, http_method, body, headers)
        request.redirect_uri = request.redirect_uri or "oob"
        return request


VALIDATOR = Validator()
ENDPOINTS = {
    "request_token": RequestTokenEndpoint(VALIDATOR).create_request_token_response,
    "old": OldRequestTokenEndpoint(VALIDATOR).create_request_token_response,
    "authorize": AuthorizationEndpoint(VALIDATOR).create_authorization_response,
    "access_token": AccessTokenEndpoint(VALIDATOR).create_access_token_response,
}
PHOTOS = ResourceEndpoint(VALIDATOR).validate_protected_resource_request
STATUS = {200: "200 OK", 302: "302 Found", 400: "400 Bad Request", 401: "401 Unauthorized"}


def received(environ):
    """URL, method, body and fields of a request, as oauthlib takes them."""
    headers = {"Content-Type": environ.get("CONTENT_TYPE", "")}
    if "HTTP_AUTHORIZATION" in environ:
        headers["Authorization"] = environ["HTTP_AUTHORIZATION"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    is_form = headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    return request_uri(environ), environ["REQUEST_METHOD"], body.decode() if is_form else "", headers


def answer(environ):
    """Status, fields and text of the answer."""
    request = received(environ)
    path = environ["PATH_INFO"].strip("/").split("/")
    try:
        if path == ["photos"]:
            valid, seen = PHOTOS(*request)
            who = urlencode({"user": USER, "method": request[1], "client": seen.client_key}) if valid else ""
            return (200 if valid else 401), {}, who
        name = "old" if path == ["old", "request_token"] else path[-1]
        extra = {"screen_name": USER} if name == "access_token" else {}
        headers, text, status = ENDPOINTS[name](*request, credentials=extra)
        return status, headers, text
    except OAuth1Error as error:
        return error.status_code, {}, error.urlencoded


def application(environ, start_response):
    status, headers, text = answer(environ)
    if status == 401:
        headers = {**headers, "WWW-Authenticate": 'OAuth realm="", oauth_problem="permission_denied"'}
    data = (text or "").encode()
    start_response(STATUS[status], [*headers.items(), ("Content-Length", str(len(data)))])
    return [data]


def agree(fetch, url):
    """Do what the user does: open the URL, say yes, read the PIN."""
    return dict(parse_qsl(fetch(url)))["oauth_verifier"]
