"""The pools that are shared (the manual's restkit.session)."""

from restkit_client.session import get_session, set_session

__all__ = ["get_session", "set_session"]
