"""A proxy's name in Via (RFC 9110 §7.6.3): the same in all its processes, different from any other proxy's."""

from __future__ import annotations

import socket
from hashlib import sha256

__all__ = ["proxy_name"]


def proxy_name(kind: str, uri: str) -> str:
    """A pseudonym made of machine and configuration, neither of which can be read out of it."""
    identity = f"{socket.gethostname()} {kind} {uri}"
    return f"restkit-{sha256(identity.encode()).hexdigest()[:8]}"
