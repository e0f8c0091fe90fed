"""restcli, the shell, the WSGI proxy and WebOb (the manual's restkit.contrib)."""
