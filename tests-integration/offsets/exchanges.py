"""The exchange: one response of some 2 KiB in each form that the offsets are tried on."""

import gzip

TEXT = "".join(f"{number:04} {number * number:08x}\n" for number in range(128)).encode()
HEAD = (
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.24.0\r\nDate: Tue, 24 Nov 2026 02:10:00 GMT\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nLast-Modified: Mon, 23 Nov 2026 18:00:00 GMT\r\n"
    b'ETag: "65bd2f10-780"\r\nCache-Control: max-age=60\r\nVary: Accept-Encoding\r\n'
)
# Level 0 stores: as many bytes as there are to damage, with gzip's head and check sum around them.
ZIPPED = gzip.compress(TEXT, 0, mtime=1_700_000_000)


def _chunked(body):
    sizes = (1, 15, 16, 200, 512, 4096)
    parts = []
    for number, size in enumerate(sizes):
        piece, body = body[:size], body[size:]
        extension = b";name=value" if number == 2 else b""
        parts.append(b"%x%b\r\n%b\r\n" % (len(piece), extension, piece))
    return b"".join(parts) + b"0\r\nX-Checksum: 5f1d\r\nX-Count: 128\r\n\r\n"


# What goes over the wire, by the name of its form.
RESPONSES = {
    "length": HEAD + b"Content-Length: %d\r\n\r\n" % len(TEXT) + TEXT,
    "chunked": HEAD + b"Transfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n" + _chunked(TEXT),
    "gzip": HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED,
    "until close": HEAD + b"Connection: close\r\n\r\n" + TEXT,
}
