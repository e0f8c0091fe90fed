"""What carries a request to its answer without a socket: a WSGI application, or a function."""

from __future__ import annotations

__all__: list[str] = []
