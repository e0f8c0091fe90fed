"""Bodies that are kept (restkit 4's restkit.tee)."""

from restkit_client.tee import ResponseTeeInput, TeeInput

__all__ = ["ResponseTeeInput", "TeeInput"]
