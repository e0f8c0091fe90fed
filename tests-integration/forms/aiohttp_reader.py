"""aiohttp's multipart reader as an HTTP server, run by itself.

Any POST is answered with its parts as JSON. The argument is the port.
"""

import hashlib
import sys

from aiohttp import web


async def parts(request: web.Request) -> web.Response:
    found = []
    async for part in await request.multipart():
        digest, size = hashlib.sha256(), 0
        while block := await part.read_chunk(1 << 20):
            digest.update(block)
            size += len(block)
        kind = part.headers.get("Content-Type")
        found.append(
            {
                "name": part.name,
                "filename": part.filename,
                "type": kind,
                "size": size,
                "sha256": digest.hexdigest(),
            }
        )
    return web.json_response(found)


if __name__ == "__main__":
    application = web.Application()
    application.router.add_post("/", parts)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), print=None)
