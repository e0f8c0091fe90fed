"""One module a case; see `frame.py` for what it holds."""
