"""Run a program, or the ```python snippets of a Markdown file, in a process where every name is resolved to the stand-in.

    python name_server.py HTTP_PORT HTTPS_PORT FILE [argument …]

Snippets of one file run from top to bottom in one process, as a reader would type them; a line `<!-- a new process -->`
begins another one: the test names the part by FILE#2.
"""

import _socket
import re
import runpy
import sys
import warnings
from pathlib import Path

SNIPPET = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEW_PROCESS = "<!-- a new process -->"


def lead_here(http: int, https: int) -> None:
    """Resolve all names to 127.0.0.1, port 443 to that of the TLS server, any other port to the plain one's."""
    # _socket's own: the standard library, gevent and eventlet all call it.
    original = _socket.getaddrinfo

    def getaddrinfo(host, port, family=0, *rest, **more):  # type: ignore[no-untyped-def]
        if not isinstance(port, int) or host in (None, "127.0.0.1", "::1"):
            return original(host, port, family, *rest, **more)
        return original("127.0.0.1", https if port == 443 else http, 0, *rest, **more)

    _socket.getaddrinfo = getaddrinfo


def parts(text: str) -> list[str]:
    """The processes of a Markdown file: each as Python, whose lines have the numbers that they have in the file."""
    found = [""]
    for match in re.finditer(f"{SNIPPET.pattern}|{NEW_PROCESS}", text, SNIPPET.flags):
        if match[0] == NEW_PROCESS:
            found.append("")
            continue
        first = text.count("\n", 0, match.start(1))
        found[-1] += "\n" * (first - found[-1].count("\n")) + match[1]
    return [part for part in found if part.strip()]


def main() -> None:
    http, https, name, *arguments = sys.argv[1:]
    lead_here(int(http), int(https))
    # Eventlet says at its import that it is deprecated; the documentation says so too.
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    # WebOb imports cgi, which Python 3.13 has no longer; it has its own then.
    warnings.filterwarnings("ignore", "'cgi' is deprecated", DeprecationWarning)
    path, _, number = name.partition("#")
    sys.argv = [path, *arguments]
    if not path.endswith(".md"):
        sys.path[0] = str(Path(path).parent)
        runpy.run_path(path, run_name="__main__")
        return
    source = parts(Path(path).read_text(encoding="utf-8"))[int(number or 1) - 1]
    exec(compile(source, path, "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    main()
