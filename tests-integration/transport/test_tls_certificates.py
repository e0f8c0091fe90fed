"""TLS: which servers are refused, with which words, and that they were sent nothing."""

import datetime
import os
import socket
import ssl
import threading

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from restkit.errors import CertificateError, TLSError
from restkit_client import Client, ConnectionPool

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


class Server:
    """Answers every request of every connection; `requests` holds what it was sent, `resumed` whether sessions were."""

    def __init__(self, context):
        self.context = context
        self.requests = []
        self.resumed = []
        self.peers = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        try:
            while True:
                sock, _ = self.listener.accept()
                threading.Thread(target=self.answer, args=(sock,), daemon=True).start()
        except OSError:
            pass

    def answer(self, sock):
        with sock:
            try:
                with self.context.wrap_socket(sock, server_side=True) as secure:
                    self.resumed.append(secure.session_reused)
                    self.peers.append(secure.getpeercert())
                    while data := secure.recv(65536):
                        self.requests.append(data)
                        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def trusted(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("trusted") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def pool():
    with ConnectionPool() as made:
        yield made


def context_for(certificate=None, **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is not None:
        certificate.configure_cert(context)
    for name, value in settings.items():
        setattr(context, name, value)
    return context


def handmade(
    tmp_path,
    authority,
    *,
    names=(),
    common_name="localhost",
    before=NOW - DAY,
    after=NOW + DAY,
    self_signed=False,
):
    """A certificate that trustme would not make."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer_key = (
        key if self_signed else serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)
    )
    issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if self_signed else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(before)
        .not_valid_after(after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(names)), critical=False)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    path = tmp_path / "handmade.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = context_for()
    context.load_cert_chain(path)
    return context


LOCALHOST = x509.DNSName("localhost")
HANDMADE = {
    "expired": ({"names": [LOCALHOST], "before": NOW - 3 * DAY, "after": NOW - DAY}, "expired"),
    "not yet valid": ({"names": [LOCALHOST], "before": NOW + DAY, "after": NOW + 3 * DAY}, "not yet valid"),
    "self-signed": ({"names": [LOCALHOST], "self_signed": True}, "self-signed certificate"),
    "only a common name": ({}, "not valid for 'localhost'"),
}


@pytest.mark.parametrize("kind", HANDMADE)
def test_a_bad_certificate_is_refused_with_its_reason(kind, tmp_path, authority, trusted, pool):
    options, reason = HANDMADE[kind]
    with Server(handmade(tmp_path, authority, **options)) as server:
        with pytest.raises(CertificateError, match=reason):
            Client(pool=pool, ca_certs=trusted, wait_tries=0.01).get(server.url)
        assert server.requests == []


@pytest.mark.parametrize(
    ("names", "host", "accepted"),
    [
        (["localhost"], "localhost", True),
        (["127.0.0.1"], "127.0.0.1", True),
        (["localhost"], "127.0.0.1", False),
        (["other.example"], "localhost", False),
        (["*.localhost"], "localhost", False),
        (["*.example.org"], "a.example.org", True),
        (["*.example.org"], "a.b.example.org", False),
        (["xn--bcher-kva.example"], "bücher.example", True),
    ],
)
def test_the_name_in_the_certificate_decides(names, host, accepted, authority, trusted, pool):
    with Server(context_for(authority.issue_cert(*names))) as server:
        port = int(server.url.rpartition(":")[2])
        addresses = [(socket.AF_INET, ("127.0.0.1", port))]
        client = Client(pool=pool, ca_certs=trusted, resolver=lambda *_: addresses)
        if accepted:
            assert client.get(f"https://{host}:{port}/").body_string() == b"ok"
        else:
            with pytest.raises(CertificateError, match="refused"):
                client.get(f"https://{host}:{port}/")
            assert server.requests == []


def test_an_unknown_authority_is_refused(trusted, pool):
    with Server(context_for(trustme.CA().issue_cert("localhost"))) as server:
        with pytest.raises(CertificateError, match=r"unable to get local issuer certificate|self-signed"):
            Client(pool=pool, ca_certs=trusted).get(server.url)
        assert server.requests == []


def test_a_missing_intermediate_is_refused(authority, trusted, pool):
    leaf = authority.create_child_ca().issue_cert("localhost")
    context = context_for()
    with leaf.private_key_pem.tempfile() as key, leaf.cert_chain_pems[0].tempfile() as certificate:
        context.load_cert_chain(certificate, key)
    with (
        Server(context) as server,
        pytest.raises(CertificateError, match="unable to get local issuer certificate"),
    ):
        Client(pool=pool, ca_certs=trusted).get(server.url)


def test_the_system_s_authorities_are_not_trusted_next_to_the_caller_s(
    authority, pool, monkeypatch, trusted, tmp_path
):
    other = trustme.CA()
    other.cert_pem.write_to_path(tmp_path / "other.pem")
    monkeypatch.setenv("SSL_CERT_FILE", trusted)
    with Server(context_for(authority.issue_cert("localhost"))) as server:
        assert Client(pool=pool).get(server.url).body_string() == b"ok"
        with pytest.raises(CertificateError):
            Client(pool=pool, ca_certs=str(tmp_path / "other.pem")).get(server.url)


def test_nothing_below_tls_1_2_is_spoken(authority, trusted, pool):
    context = context_for(authority.issue_cert("localhost"))
    with pytest.warns(DeprecationWarning, match="TLS"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLS"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with Server(context) as server, pytest.raises(TLSError, match=r"TLS version of 1\.2|protocol"):
        Client(pool=pool, ca_certs=trusted).get(server.url)


def test_verification_off_is_explicit_and_logged_and_never_shared(trusted, caplog):
    with Server(context_for(trustme.CA().issue_cert("other.example"))) as server, ConnectionPool() as pool:
        with caplog.at_level("WARNING", "restkit"):
            assert Client(pool=pool, verify=False).get(server.url).body_string() == b"ok"
            assert Client(pool=pool, cert_reqs=ssl.CERT_NONE).get(server.url).body_string() == b"ok"
        assert "not verified" in caplog.text
        assert pool.stats()["opened"] == 1
        with pytest.raises(CertificateError):
            Client(pool=pool, ca_certs=trusted).get(server.url)


def test_a_pinned_certificate_is_the_only_one(authority, trusted, pool):
    certificate = authority.issue_cert("localhost")
    digest = (
        x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes())
        .fingerprint(hashes.SHA256())
        .hex()
    )
    with Server(context_for(certificate)) as server:
        assert Client(pool=pool, ca_certs=trusted, fingerprint=digest).get(server.url).body_string() == b"ok"
        with pytest.raises(CertificateError, match=digest):
            Client(pool=pool, ca_certs=trusted, fingerprint="0" * 64).get(server.url)
        assert len(server.requests) == 1


def test_a_client_certificate_with_a_password_is_shown(authority, trusted, pool, tmp_path):
    mine = authority.issue_cert("me@example.org")
    key = serialization.load_pem_private_key(mine.private_key_pem.bytes(), None)
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"open"),
        )
    )
    mine.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    context = context_for(authority.issue_cert("localhost"), verify_mode=ssl.CERT_REQUIRED)
    authority.configure_trust(context)
    files = {"certfile": str(tmp_path / "cert.pem"), "keyfile": str(tmp_path / "key.pem")}
    with Server(context) as server:
        client = Client(pool=pool, ca_certs=trusted, password="open", **files)
        assert client.get(server.url).body_string() == b"ok"
        assert server.peers[0]["subjectAltName"]
        with pytest.raises(CertificateError, match="certificate"):
            Client(pool=pool, ca_certs=trusted).get(server.url)


def test_a_session_is_resumed_and_the_connection_described(authority, trusted, pool):
    with Server(context_for(authority.issue_cert("localhost"))) as server:
        client = Client(pool=pool, ca_certs=trusted)
        response = client.get(server.url)
        assert response.tls.version == "TLSv1.3"
        assert response.tls.certificate
        response.body_string()
        pool.release_all()
        client.get(server.url).body_string()
        assert server.resumed == [False, True]


def test_http_1_1_is_agreed_on_by_alpn(authority, trusted, pool):
    context = context_for(authority.issue_cert("localhost"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with Server(context) as server:
        assert Client(pool=pool, ca_certs=trusted).get(server.url).tls.alpn == "http/1.1"


def test_unreadable_tls_files_are_named(pool):
    with (
        Server(context_for(trustme.CA().issue_cert("localhost"))) as server,
        pytest.raises(CertificateError, match=r"missing\.pem"),
    ):
        Client(pool=pool, ca_certs="missing.pem").get(server.url)


def test_descriptors_stay_flat_over_failed_handshakes(trusted, pool):
    with Server(context_for(trustme.CA().issue_cert("localhost"))) as server:
        client = Client(pool=pool, ca_certs=trusted)
        counts = []
        for _ in range(200):
            with pytest.raises(CertificateError):
                client.get(server.url)
            counts.append(len(os.listdir("/proc/self/fd")))
        # The server's own end of a handshake or two may still be open.
        assert max(counts[10:]) <= counts[5] + 3


def test_a_change_of_the_system_s_authorities_is_seen_by_the_next_connection(authority, trusted, monkeypatch):
    with Server(context_for(authority.issue_cert("localhost"))) as server, ConnectionPool() as pool:
        client = Client(pool=pool)
        with pytest.raises(CertificateError):
            client.get(server.url)
        monkeypatch.setenv("SSL_CERT_FILE", trusted)
        assert client.get(server.url).body_string() == b"ok"
