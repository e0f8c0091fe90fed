"""The proxies in Paste Deployment files: `use = egg:restkit#host_proxy` (the manual's chapter wsgi_proxy)."""

from __future__ import annotations

from restkit_client.pool import ConnectionPool

from .proxy import ALLOWED_METHODS, HostProxy, TransparentProxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

__all__ = ["get_config", "make_host_proxy", "make_proxy"]

# restkit 4's default.
MAX_CONNECTIONS = 5


def get_config(local_config: Mapping[str, str]) -> dict[str, Any]:
    """The keyword arguments of a proxy for a section of a Paste file.

    Args:
        local_config: `allowed_methods`, `allowed_hosts` and `trusted_proxies`, blank-separated; `strip_script_name`,
            `preserve_host`, `forwarded` and `rewrite_cookies`, false when "false" or "0"; `max_connections`, idle ones kept
            for each server; `max_request_size` in bytes; `timeout` in seconds; `via`.

    Raises:
        ValueError: another key, or a number that is none.
    """
    unknown = sorted(set(local_config) - set(READERS))
    if unknown:
        raise ValueError(f"a proxy has no setting {', '.join(unknown)}: use {', '.join(sorted(READERS))}")
    config = {name: READERS[name](text) for name, text in local_config.items()}
    config.setdefault("allowed_methods", ALLOWED_METHODS)
    config.setdefault("strip_script_name", True)
    config["pool"] = ConnectionPool(max_size=config.pop("max_connections", MAX_CONNECTIONS))
    return config


def make_proxy(global_config: Mapping[str, str], **local_config: str) -> TransparentProxy:  # noqa: ARG001 - Paste's signature
    """A TransparentProxy for a section of a Paste file; keys and errors as `get_config`."""
    return TransparentProxy(**get_config(local_config))


def make_host_proxy(
    global_config: Mapping[str, str],  # noqa: ARG001 - Paste's signature
    uri: str | None = None,
    **local_config: str,
) -> HostProxy:
    """A HostProxy for a section of a Paste file, whose key `uri` says where to; other keys and errors as `get_config`."""
    if uri is None:
        raise ValueError("a host_proxy needs the key uri: where requests are passed on to")
    return HostProxy(uri, **get_config(local_config))


def _upper_words(text: str) -> list[str]:
    return text.upper().split()


def _flag(text: str) -> bool:
    return text.strip().lower() not in ("false", "0")


READERS: dict[str, Callable[[str], Any]] = {
    "allowed_methods": _upper_words,
    "allowed_hosts": str.split,
    "trusted_proxies": str.split,
    "strip_script_name": _flag,
    "preserve_host": _flag,
    "forwarded": _flag,
    "rewrite_cookies": _flag,
    "max_connections": int,
    "max_request_size": int,
    "timeout": float,
    "via": str,
}
