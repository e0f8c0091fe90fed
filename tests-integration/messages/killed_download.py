"""Run by a test: downloads, and dies by SIGKILL once the file has so many bytes."""

import os
import signal
import sys

from restkit import Client

url, path, point = sys.argv[1], sys.argv[2], int(sys.argv[3])


def progress(size: int, _total: int | None) -> None:
    if size >= point:
        os.kill(os.getpid(), signal.SIGKILL)


Client().download(url, path, progress=progress)
