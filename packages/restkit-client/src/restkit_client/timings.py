"""Where the time of a request went."""

from __future__ import annotations

from time import monotonic

__all__ = ["Timings"]


class Timings:
    """Seconds spent in each phase of one request: name, connect, tls (0.0 on a reused connection), send, wait, body.

    `wait` is from the last byte sent to the head of the response, `body` from there to the body's last byte, or until
    now while it is being read.
    """

    __slots__ = ("answered", "connect", "ended", "name", "sent", "started", "tls")

    def __init__(
        self, opened: tuple[float, float, float] | None, started: float, sent: float, answered: float
    ) -> None:
        self.name, self.connect, self.tls = opened or (0.0, 0.0, 0.0)
        self.started = started
        self.sent = sent
        self.answered = answered
        self.ended: float | None = None

    @property
    def send(self) -> float:
        """Sending the request."""
        return self.sent - self.started

    @property
    def wait(self) -> float:
        """From the end of the request to the head of the response."""
        return self.answered - self.sent

    @property
    def body(self) -> float:
        """From the head of the response to the end of its body."""
        return (self.ended or monotonic()) - self.answered

    @property
    def total(self) -> float:
        """All phases together."""
        return self.name + self.connect + self.tls + self.send + self.wait + self.body

    def as_dict(self) -> dict[str, float]:
        """Phase to seconds, in the order in which they pass."""
        return {name: getattr(self, name) for name in ("name", "connect", "tls", "send", "wait", "body")}

    def __repr__(self) -> str:
        return "Timings({})".format(
            ", ".join(f"{name}={value * 1000:.1f}ms" for name, value in self.as_dict().items())
        )
