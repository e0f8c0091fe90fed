"""Url-encoded and multipart bodies for HTTP: streamed, replayable, of known length."""

__version__ = "5.0.0"
