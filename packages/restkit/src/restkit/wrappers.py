"""Requests and responses (the manual's restkit.wrappers)."""

from restkit_client.body_stream import BodyWrapper
from restkit_client.messages.request import Request
from restkit_client.messages.response import ClientResponse, Response

__all__ = ["BodyWrapper", "ClientResponse", "Request", "Response"]
