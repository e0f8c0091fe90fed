"""Connections and their pool (the manual's restkit.conn)."""

from restkit_client.connection import CHUNK_SIZE, DNS_TIMEOUT, MAX_BODY, Connection
from restkit_client.pool import ConnectionPool, TConnectionManager

__all__ = ["CHUNK_SIZE", "DNS_TIMEOUT", "MAX_BODY", "Connection", "ConnectionPool", "TConnectionManager"]
