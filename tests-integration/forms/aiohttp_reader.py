"""aiohttp's multipart reader as an HTTP server, run by itself.

Any POST is answered with its parts as JSON; the port is printed.
"""

import asyncio
import hashlib

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


async def main() -> None:
    application = web.Application()
    application.router.add_post("/", parts)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
