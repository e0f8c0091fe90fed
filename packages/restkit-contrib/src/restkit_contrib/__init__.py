"""restcli, a shell for HTTP, a WSGI reverse proxy and a WebOb API, all on restkit."""

__version__ = "5.0.0"
