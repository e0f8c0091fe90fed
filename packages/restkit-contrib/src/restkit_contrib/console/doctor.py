"""`restkit doctor`: what this installation has, and what it would do, for a report or a first look at trouble."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["doctor", "findings"]

PACKAGES = (
    "restkit",
    "restkit-client",
    "restkit-parser",
    "restkit-forms",
    "restkit-oauth2",
    "restkit-contrib",
)
LIBRARIES = ("socketpool", "idna", "webob", "Pygments")
# Distribution → what it is for.
OPTIONAL = {
    "brotli": "br bodies: restkit-client[br]",
    "zstandard": "zstd bodies: restkit-client[zstd]",
    "python-socks": "SOCKS proxies: restkit-client[socks]",
    "publicsuffixlist": "cookies of whole registries refused: restkit-client[cookies]",
    "cryptography": "RSA signatures: restkit-oauth2[rsa]",
    "ipython": "the shell: restkit-contrib[shell]",
    "gevent": 'backend="gevent"',
    "eventlet": 'backend="eventlet"',
}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def doctor() -> int:
    """Print the findings; returns the exit code: 1 when something that restkit needs is missing."""
    missing = False
    for topic, finding, is_fault in findings():
        missing = missing or is_fault
        sys.stdout.write(f"{'!' if is_fault else ' '} {topic:<18} {finding}\n")
    return int(missing)


def findings() -> Iterator[tuple[str, str, bool]]:
    """What there is to say: topic, finding, and whether that is a fault."""
    yield "Python", f"{platform.python_version()} on {platform.platform()}", sys.version_info < (3, 11)
    for name in (*PACKAGES, *LIBRARIES):
        version = _version(name)
        yield name, version or "not installed", version is None and name != "restkit"
    yield from _trust()
    yield from _proxies()
    for name, use in OPTIONAL.items():
        version = _version(name)
        yield name, f"{version} ({use})" if version else f"not installed ({use})", False


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _trust() -> Iterator[tuple[str, str, bool]]:
    import ssl

    yield "OpenSSL", ssl.OPENSSL_VERSION, False
    if sys.platform in ("darwin", "win32"):
        yield "trust store", "the system's, by truststore", _version("truststore") is None
        return
    paths = ssl.get_default_verify_paths()
    count = len(ssl.create_default_context().get_ca_certs())
    where = paths.cafile or paths.capath or "nowhere"
    # Authorities of a folder are loaded when a chain needs them: a count of zero is no fault there.
    none = not count and not paths.capath
    yield "trust store", f"{where}: {count} authorities loaded", none


def _proxies() -> Iterator[tuple[str, str, bool]]:
    from restkit_client.proxy_rules import proxy_for
    from restkit_client.urls import redact, split_url

    named = [name for name in PROXIES for name in (name, name.upper()) if os.environ.get(name)]
    for name in named:
        value = os.environ[name]
        yield name, redact(value) if "://" in value else value, False
    for url in ("http://example.org/", "https://example.org/"):
        try:
            proxy = proxy_for(split_url(url), os.environ)
        except ValueError as error:
            yield f"proxy for {url.partition(':')[0]}", str(error), True
        else:
            yield (
                f"proxy for {url.partition(':')[0]}",
                f"{proxy} with use_proxy=True" if proxy else "none",
                False,
            )
