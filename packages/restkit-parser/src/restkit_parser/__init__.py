"""A sans-I/O HTTP/1.x parser and writer for requests and responses, in pure Python."""

__version__ = "5.0.0"
