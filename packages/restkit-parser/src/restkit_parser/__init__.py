"""A sans-I/O HTTP/1.x parser and writer for requests and responses, in pure Python."""

from restkit_parser.chunked import ChunkDecoder
from restkit_parser.errors import (
    BadStatusLine,
    ChunkMissingTerminator,
    HeaderLimit,
    IncompleteBody,
    IncompleteHead,
    InvalidChunkSize,
    InvalidHeader,
    InvalidHeaderName,
    InvalidHTTPStatus,
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
    NoMoreData,
    ParseException,
    ParserError,
    ProtocolError,
    RemoteDisconnected,
    RestkitError,
    UnexpectedEOF,
)
from restkit_parser.framing import (
    CHUNKED,
    TUNNEL,
    UNTIL_CLOSE,
    Framing,
    list_members,
    request_framing,
    response_framing,
)
from restkit_parser.grammar import check_field_name, check_field_value, check_method, check_target
from restkit_parser.head import (
    RequestHead,
    ResponseHead,
    parse_request_head,
    parse_response_head,
    request_head_end,
    response_head_end,
)
from restkit_parser.headers import Headers, is_secret_field
from restkit_parser.limits import DEFAULT_LIMITS, Limits
from restkit_parser.scanning import REQUEST, RESPONSE, HeadScanner
from restkit_parser.writing import write_chunk, write_last_chunk, write_request_head, write_response_head

__all__ = [
    "CHUNKED",
    "DEFAULT_LIMITS",
    "REQUEST",
    "RESPONSE",
    "TUNNEL",
    "UNTIL_CLOSE",
    "BadStatusLine",
    "ChunkDecoder",
    "ChunkMissingTerminator",
    "Framing",
    "HeadScanner",
    "HeaderLimit",
    "Headers",
    "IncompleteBody",
    "IncompleteHead",
    "InvalidChunkSize",
    "InvalidHTTPStatus",
    "InvalidHTTPVersion",
    "InvalidHeader",
    "InvalidHeaderName",
    "InvalidRequestLine",
    "InvalidRequestMethod",
    "Limits",
    "NoMoreData",
    "ParseException",
    "ParserError",
    "ProtocolError",
    "RemoteDisconnected",
    "RequestHead",
    "ResponseHead",
    "RestkitError",
    "UnexpectedEOF",
    "check_field_name",
    "check_field_value",
    "check_method",
    "check_target",
    "is_secret_field",
    "list_members",
    "parse_request_head",
    "parse_response_head",
    "request_framing",
    "request_head_end",
    "response_framing",
    "response_head_end",
    "write_chunk",
    "write_last_chunk",
    "write_request_head",
    "write_response_head",
]

__version__ = "5.0.0"
