"""A sans-I/O HTTP/1.x parser and writer for requests and responses, in pure Python."""

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

__version__ = "5.0.0"
