"""Where the time of a request went."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Timings"]


class Timings(NamedTuple):
    """Seconds spent in each phase of one request; name, connect and tls are 0.0 on a reused connection.

    Attributes:
        name: resolving the host's name.
        connect: connecting, to the server or through a proxy.
        tls: the TLS handshake.
        send: writing the request.
        wait: from the last byte sent to the head of the response.
        body: from there to the body's last byte, or until now while it is being read.
    """

    name: float
    connect: float
    tls: float
    send: float
    wait: float
    body: float

    @property
    def total(self) -> float:
        """All phases together."""
        return sum(self)

    def as_dict(self) -> dict[str, float]:
        """Phase to seconds, in the order in which they pass."""
        return self._asdict()

    def __repr__(self) -> str:
        return "Timings({})".format(
            ", ".join(f"{name}={value * 1000:.1f}ms" for name, value in self._asdict().items())
        )
