"""Run alone by a test: does one large transfer, prints its figures and the process's greatest resident memory in KiB."""

import json
import resource
import sys
from pathlib import Path

from restkit import request


def upload(url: str, path: str) -> dict[str, object]:
    with Path(path).open("rb") as body:
        answer: dict[str, object] = json.loads(request(url, "POST", body=body).body_string())
    return answer


def upload_blocks(url: str, count: str) -> dict[str, object]:
    block = bytes(65536)
    blocks = (block for _ in range(int(count)))
    answer: dict[str, object] = json.loads(request(url, "POST", body=blocks).body_string())
    return answer


def download(url: str) -> dict[str, object]:
    length = 0
    with request(url).body_stream() as body:
        while piece := body.read(65536):
            length += len(piece)
    return {"length": length}


def peak() -> int:
    """KiB. Linux's ru_maxrss begins with that of the process that forked us, so its own high-water mark is read."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    # macOS counts in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)


TRANSFERS = {"upload": upload, "upload_blocks": upload_blocks, "download": download}

if __name__ == "__main__":
    figures = TRANSFERS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({"length": figures["length"], "peak": peak()}))
