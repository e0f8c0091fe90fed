"""Runs rows in one process of one kind: `python -W error worker.py BACKEND PATCHED`, a JSON command a line on standard input.

A command is {"row": name, "url": …, …}; the answer is one JSON line: what the row gave or raised, the seconds it took, the
descriptors it left, and what a request after it gave.
"""

import gc
import json
import os
import sys
import time

BACKEND, PATCHED = sys.argv[1], sys.argv[2] == "patched"
if BACKEND == "gevent":
    if PATCHED:
        from gevent import monkey

        monkey.patch_all()
    import gevent  # noqa: F401
elif BACKEND == "eventlet":
    import warnings

    with warnings.catch_warnings():
        # eventlet's own, at its import (its class is only there afterwards): the one exception from "warnings are errors".
        warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
        import eventlet
        import eventlet.green.os
    if PATCHED:
        eventlet.monkey_patch()

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import rows  # noqa: E402


def descriptors():
    return {fd: os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if _is_link(fd)}


def _is_link(fd):
    try:
        return os.readlink(f"/proc/self/fd/{fd}").startswith("socket:")
    except OSError:
        return False


def run(command):
    tools = rows.Tools(BACKEND, PATCHED, command)
    row = rows.ROWS[command["row"]]
    gc.collect()
    before = descriptors()
    started, cpu = time.monotonic(), time.process_time()
    try:
        result = {"gave": row.act(tools)}
    except Exception as error:
        result = {
            "raised": type(error).__name__,
            "roots": [each.__name__ for each in type(error).__mro__],
            "text": str(error),
            "cause": type(error.__cause__).__name__,
        }
        del error
    result["seconds"] = time.monotonic() - started
    result["cpu"] = time.process_time() - cpu
    result["next"] = tools.probe()
    tools.close()
    gc.collect()
    result["left"] = sorted(set(descriptors()) - set(before))
    return result


# A backend's library opens sockets of its own when it is first used.
from restkit_client import sockets  # noqa: E402

sockets.load(BACKEND).resolve("localhost", 80, 0, 5)
for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
