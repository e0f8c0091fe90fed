"""How much is accepted, and which departures from the RFC are let through."""

from __future__ import annotations

__all__ = ["DEFAULT_LIMITS", "Limits"]


class Limits:
    """Bounds on a message, and named leniencies, all off by default. Sizes are in bytes; 0 for a count means no limit.

    Args:
        max_start_line: one request line or status line.
        max_field_line: one field line, with its name, before unfolding.
        max_field_section: all field lines of one head.
        max_header_count: field lines of one head or trailer section; 0 is no limit.
        max_chunk_extensions: the chunk extensions of one body together; they carry nothing, so a sender
            that needs more is an attack.
        max_trailers: the trailer section of one chunked body.
        max_interim_responses: 1xx responses before a final one.
        max_length_digits: significant digits of a Content-Length.
        max_status_line_garbage: lines to skip before a status line; None is any number within 64 KiB.
            A reused connection may carry the rest of a body whose length was given too small.
        allow_bare_lf: lets LF end a line of a head (RFC 9112 section 2.2 says a recipient MAY). A message that one
            recipient splits at LF and another does not is the root of request smuggling: not for proxies.
        allow_request_obs_fold: replaces a line fold in a request by SP, as is always done in responses, instead of
            refusing it (RFC 9112 section 5.2 leaves both to a server).
        allow_space_before_colon: drops whitespace between the name and the colon of a response field
            (RFC 9112 section 5.1 has a proxy do so); in a request it MUST be refused, and is.
    """

    __slots__ = (
        "allow_bare_lf",
        "allow_request_obs_fold",
        "allow_space_before_colon",
        "max_chunk_extensions",
        "max_field_line",
        "max_field_section",
        "max_header_count",
        "max_interim_responses",
        "max_length_digits",
        "max_start_line",
        "max_status_line_garbage",
        "max_trailers",
        "strict_end",
        "surely_within",
    )

    def __init__(
        self,
        *,
        # Browsers and servers stay below 64 KiB for a URL, and for one field such as Cookie or a Kerberos ticket.
        max_start_line: int = 65_536,
        max_field_line: int = 65_536,
        # Four times the largest field that is seen in practice, small against a process's memory.
        max_field_section: int = 262_144,
        max_header_count: int = 0,
        max_chunk_extensions: int = 16_384,
        max_trailers: int = 65_536,
        # A server that reports progress by 102 sends one every 20 seconds: 100 is half an hour.
        max_interim_responses: int = 100,
        # 20 digits hold every 64-bit number.
        max_length_digits: int = 20,
        max_status_line_garbage: int | None = 0,
        allow_bare_lf: bool = False,
        allow_request_obs_fold: bool = False,
        allow_space_before_colon: bool = False,
    ) -> None:
        self.max_start_line = max_start_line
        self.max_field_line = max_field_line
        self.max_field_section = max_field_section
        self.max_header_count = max_header_count
        self.max_chunk_extensions = max_chunk_extensions
        self.max_trailers = max_trailers
        self.max_interim_responses = max_interim_responses
        self.max_length_digits = max_length_digits
        self.max_status_line_garbage = max_status_line_garbage
        self.allow_bare_lf = allow_bare_lf
        self.allow_request_obs_fold = allow_request_obs_fold
        self.allow_space_before_colon = allow_space_before_colon
        # A head no longer than this passes every size limit, so that the common one needs a single comparison.
        # Whether the first empty line ends the head, whatever stands before it.
        self.strict_end = not allow_bare_lf and max_status_line_garbage == 0
        self.surely_within = min(max_start_line, max_field_line, max_field_section)

    def __repr__(self) -> str:
        """Only what differs from the defaults."""
        changed = (
            f"{name}={value!r}"
            for name in self.__slots__
            if name.startswith(("max_", "allow_"))
            and (value := getattr(self, name)) != getattr(DEFAULT_LIMITS, name)
        )
        return f"Limits({', '.join(changed)})"


DEFAULT_LIMITS = Limits()
