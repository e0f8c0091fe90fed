"""`.venv/bin/python -m tools.pictures`: docs/img/restcli-*.svg, what restcli shows on a terminal in real runs."""

import re
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from tools.workspace import ROOT

sys.path[:0] = [str(ROOT / "tests-integration" / "restcli"), str(ROOT / "tests-integration")]

from commands import Shell  # type: ignore[import-not-found]  # noqa: E402
from recorder import Recorded, answer, run_recorder  # type: ignore[import-not-found]  # noqa: E402

from servers.certificates import make_certificates  # type: ignore[import-not-found]  # noqa: E402

FOLDER = ROOT / "docs" / "img"
ESCAPE = re.compile(r"\033\[([0-9;]*)m")
COLOURS = {
    "30": "#4c566a", "31": "#e06c75", "32": "#98c379", "33": "#e5c07b", "34": "#61afef", "35": "#c678dd",
    "36": "#56b6c2", "37": "#d8dee9", "90": "#7f8797", "91": "#e06c75", "92": "#98c379", "93": "#e5c07b",
    "94": "#61afef", "95": "#c678dd", "96": "#56b6c2", "97": "#ffffff",
}  # fmt: skip
LINE, CHARACTER, MARGIN = 18, 8.43, 14
MIB = 1024 * 1024

BOOKS = (
    b'{"total": 2, "books": [{"title": "Solaris", "author": "Stanis\xc5\x82aw Lem", "year": 1961, "price": 11.90,'
    b' "in_print": true}, {"title": "The Dispossessed", "author": "Ursula K. Le Guin", "year": 1974, "isbn": null}]}'
)


def screen(output: str) -> list[str]:
    """The lines as a terminal has them in the end: what was drawn over is gone."""
    lines = output.rstrip("\n").split("\n")
    return [line.split("\r\033[K")[-1].rstrip("\r") for line in lines]


def svg(title: str, lines: list[str]) -> str:
    """A terminal's lines as a picture."""
    columns = max(len(ESCAPE.sub("", line)) for line in lines)
    width, height = round(2 * MARGIN + CHARACTER * columns), 2 * MARGIN + LINE * len(lines)
    rows = "\n".join(
        f'<text x="{MARGIN}" y="{MARGIN + LINE * number + 13}" xml:space="preserve">{_spans(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"\n'
        f'     font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="#d8dee9">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{width}" height="{height}" rx="6" fill="#20242c"/>\n{rows}\n</svg>\n'
    )


def _spans(line: str) -> str:
    pieces = ESCAPE.split(line)
    text = [escape(pieces[0])]
    for codes, words in zip(pieces[1::2], pieces[2::2], strict=True):
        colour = next((COLOURS[code] for code in codes.split(";") if code in COLOURS), None)
        bold = ' font-weight="bold"' if codes.startswith(("01", "1;")) or codes == "1" else ""
        shown = escape(words)
        text.append(f'<tspan fill="{colour}"{bold}>{shown}</tspan>' if shown and (colour or bold) else shown)
    return "".join(text)


def json_picture(shell: Shell) -> list[str]:
    """A JSON document on a terminal."""
    with run_recorder() as server:
        server.routes["/books"] = answer(BOOKS, "application/json")
        done = shell.on_terminal(f":{server.port}/books", "author==Lem")
    return ["$ restcli :8080/books author==Lem", *screen(done.text)]


def _slow_file(cut: int) -> Callable[[Recorded], Iterator[bytes]]:
    content = bytes(MIB) * 96

    def reply(request: Recorded) -> Iterator[bytes]:
        begin = int((request.field("Range") or "=0-").partition("=")[2].rstrip("-"))
        head = f'Content-Length: {len(content) - begin}\r\nETag: "1"\r\n'
        if begin:
            head += f"Content-Range: bytes {begin}-{len(content) - 1}/{len(content)}\r\n"
        yield f"HTTP/1.1 {'206 Partial Content' if begin else '200 OK'}\r\n{head}\r\n".encode()
        end = len(content) if begin else cut
        for place in range(begin, end, MIB):
            yield content[place : place + MIB]
            time.sleep(0.02)

    return reply


def progress_picture(shell: Shell) -> list[str]:
    """A download that breaks off, the same while it goes on, and its end."""
    with run_recorder() as server:
        server.routes["/disk.img"] = _slow_file(41 * MIB)
        url = f":{server.port}/disk.img"
        broken = shell.on_terminal("-O", url)
        ended = shell.on_terminal("-O", "--continue", url)
    drawn = ended.text.split("\r\033[K")[1:]
    return [
        "$ restcli -O :8080/disk.img",
        *screen(broken.text),
        "$ restcli -O --continue :8080/disk.img              (a second later)",
        drawn[len(drawn) // 2],
        "                                                    (in the end)",
        drawn[-1].rstrip("\n"),
    ]


def timing_picture(shell: Shell) -> list[str]:
    """Where the time of a request over TLS went."""
    files = make_certificates(shell.folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.server)

    def reply(_: Recorded) -> Iterator[bytes]:
        time.sleep(0.03)
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nfour"
        time.sleep(0.015)
        yield b"five"

    with run_recorder() as server:
        server.routes["/report"] = reply
        server.listener = context.wrap_socket(server.listener, server_side=True)
        done = shell.on_terminal(
            "--timing",
            "-o",
            "/dev/null",
            "--cacert",
            str(files.authority),
            f"https://localhost:{server.port}/report",
        )
        server.listener.detach()
    lines = [line for line in screen(done.text) if not line.startswith("↓")]
    return ["$ restcli --timing -o /dev/null https://localhost/report", *lines]


PICTURES = {
    "json": ("restcli prints JSON on a terminal", json_picture),
    "progress": ("a download that breaks off and goes on", progress_picture),
    "timing": ("restcli --timing", timing_picture),
}


def main() -> None:
    """Draw them all."""
    FOLDER.mkdir(exist_ok=True)
    for name, (title, make) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            lines = make(Shell(Path(folder)))
        (FOLDER / f"restcli-{name}.svg").write_text(svg(title, lines), encoding="utf-8")
        print("\n".join(lines), end="\n\n")


if __name__ == "__main__":
    main()
