"""The shell in a real terminal, typed to by pexpect: the manual's session against nginx, and what goes wrong in life."""

import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from servers.certificates import Certificates
from servers.process import running
from servers.requirements import require_program

ANSI = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x1b\][^\x07]*\x07")

CONFIGURATION = """
daemon off;
master_process off;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {prefix}/temp;
    proxy_temp_path {prefix}/temp;
    fastcgi_temp_path {prefix}/temp;
    uwsgi_temp_path {prefix}/temp;
    scgi_temp_path {prefix}/temp;
    server_tokens off;
    types {{ text/html html; application/octet-stream bin; image/png png; }}
    server {{
        listen 127.0.0.1:{ports[0]};
        listen 127.0.0.1:{ports[1]} ssl;
        ssl_certificate {pem};
        ssl_certificate_key {pem};
        root {prefix}/files;
        location = /moved {{ return 301 http://127.0.0.1:{ports[0]}/restkit/; }}
        location = /whoami {{ default_type text/plain; return 200 "$remote_user"; }}
    }}
}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[tuple[str, str]]:
    """http and https URLs of an nginx with the manual's page at /restkit/."""
    prefix = tmp_path_factory.mktemp("site") / "nginx"
    program = require_program("nginx", "apt-get install nginx-light")
    for name in ("files/restkit/api", "temp"):
        (prefix / name).mkdir(parents=True)
    for name in ("index.html", "api/index.html"):
        (prefix / "files/restkit" / name).write_text("x" * 10476)
    (prefix / "files/binary.png").write_bytes(b"\x89PNG\1")
    with (prefix / "files/large.bin").open("wb") as file:
        file.truncate(100 * 2**20)

    def command(ports: list[int]) -> list[str]:
        user = "user root;" if os.getuid() == 0 else ""
        text = user + CONFIGURATION.format(prefix=prefix, ports=ports, pem=certificates.server)
        (prefix / "nginx.conf").write_text(text)
        return [program, "-p", str(prefix), "-e", str(prefix / "error.log"), "-c", str(prefix / "nginx.conf")]

    with running(command, prefix, ports=2) as (plain, tls):
        yield f"http://127.0.0.1:{plain}", f"https://localhost:{tls}"


class Terminal:
    """A shell on a terminal of its own; `run(line)` types, and gives what was printed before the next prompt.

    The terminal is a "dumb" one, on which nothing is drawn twice.
    """

    def __init__(self, home: Path, url: str, prepare: str = "", **variables: str) -> None:
        start = f"{prepare}\nfrom restkit.contrib.ipython_shell import main\nmain({url!r})"
        environ = {
            **os.environ,
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "TERM": "dumb",
            **variables,
        }
        self.process = pexpect.spawn(
            sys.executable, ["-c", start], env=environ, encoding="utf-8", timeout=20, dimensions=(60, 200)
        )
        self.number = 0
        self.start = self.read()

    def read(self) -> str:
        self.number += 1
        self.process.expect(rf"{self.number}(\x1b\[[\d;]*m)*\) restcli\$ ")
        return clean(self.process.before)

    def run(self, line: str) -> str:
        self.process.send(line + "\r")
        self.process.expect_exact("\r\n")
        return self.read()

    def leave(self) -> str:
        self.process.send("exit()\r")
        self.process.expect(pexpect.EOF)
        self.process.close()
        return clean(self.process.before)


def clean(text: str) -> str:
    return ANSI.sub("", text).replace("\r", "")


WITHOUT_IPYTHON = "import sys; sys.modules['IPython'] = None"


def normalised(text: str, url: str) -> str:
    """Without what differs from day to day and machine to machine."""
    text = text.replace(url, "http://HOST").replace(url.partition("//")[2], "HOST")
    text = re.sub(r"0x[0-9a-f]+", "0xADDRESS", text)
    text = re.sub(r"nginx/[\d.]+", "nginx/VERSION", text)
    text = re.sub(r"(Date|Last-Modified): .*", r"\1: DATE", text)
    return re.sub(r"ETag: .*", "ETag: TAG", text)


@pytest.mark.parametrize("ipython", [True, False])
def test_the_manuals_session(site: tuple[str, str], tmp_path: Path, ipython: bool) -> None:
    url = site[0]
    terminal = Terminal(tmp_path, url + "/restkit/", "" if ipython else WITHOUT_IPYTHON)
    golden = (Path(__file__).parent / ("session.txt" if ipython else "session_plain.txt")).read_text()
    lines = re.findall(r"^\d+\) restcli\$ (.*)$", golden, re.MULTILINE)
    typed = []
    for line in lines[:-1]:
        number = terminal.number
        typed.append(f"{number}) restcli$ {line}\n" + terminal.run(line))
    typed.append(f"{terminal.number}) restcli$ exit()\n" + terminal.leave().splitlines()[-1] + "\n")
    transcript = normalised("".join(typed), url)
    assert transcript == golden


def test_the_start_shows_the_help_and_the_banner(site: tuple[str, str], tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, site[0] + "/restkit/")
    lines = terminal.start.splitlines()
    assert "restkit shell" in lines
    assert any(line.startswith(">>> get([req|url|path_info], **query_string) ") for line in lines)
    assert any(
        line.startswith("<Request at 0x") and line.endswith(f" GET {site[0]}/restkit/>") for line in lines
    )
    assert any(line.startswith("<ContentTypes(['application_atom_xml', ") for line in lines)
    assert re.fullmatch(r"restkit shell [\d.]+", [line for line in lines if line][-1])
    assert "quit restcli shell" in terminal.leave()


@pytest.mark.parametrize("ipython", [True, False])
def test_the_shell_lives_on(
    site: tuple[str, str], certificates: Certificates, tmp_path: Path, ipython: bool
) -> None:
    """https, URL credentials, 404, a refused connection, binary and large bodies: each is said, and the next line is read."""
    url, tls = site
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{free.getsockname()[1]}/"
    terminal = Terminal(
        tmp_path, url + "/", "" if ipython else WITHOUT_IPYTHON, SSL_CERT_FILE=str(certificates.authority)
    )
    assert "200 OK" in terminal.run(f"get('{tls}/restkit/')")
    assert "200 OK" in terminal.run(f"get('{url.replace('//', '//user:s3cret@')}/whoami')")
    assert "404 Not Found" in terminal.run("get('/nothing')")
    said = [line for line in terminal.run(f"get('{refused}')").splitlines() if line]
    assert len(said) == 1
    assert said[0].startswith("ConnectError: socket.error: [Errno 111] Connection refused")
    assert "<5 bytes of image/png>" in terminal.run("get('/binary.png')")
    printed = terminal.run("get('/large.bin')")
    assert "Content-Length: 104857600" in printed
    assert len(printed) < 2000
    assert "104857600" in terminal.run("len(resp.body)")
    assert "2" in terminal.run("1 + 1")
    terminal.leave()


@pytest.mark.parametrize("ipython", [True, False])
def test_an_interrupt_ends_the_request_not_the_shell(tmp_path: Path, ipython: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        terminal = Terminal(tmp_path, url, "" if ipython else WITHOUT_IPYTHON)
        terminal.process.send("get()\r")
        connection, _ = listener.accept()
        with connection:
            assert connection.recv(65536).startswith(b"GET / HTTP/1.1")
            terminal.process.sendintr()
            said = [line for line in terminal.read().splitlines() if line and "get()" not in line]
            assert said == ["^C" * (said[0].startswith("^C")) + f"interrupted: GET {url}"]
            assert connection.recv(1) == b""
        assert "2" in terminal.run("1 + 1")
        terminal.leave()


def test_a_session_can_be_saved_and_the_profile_stays(site: tuple[str, str], tmp_path: Path) -> None:
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    own = "c.TerminalInteractiveShell.autocall = 0\nc.InteractiveShell.separate_out = ''\n"
    (profile / "ipython_config.py").write_text(own)
    terminal = Terminal(tmp_path, site[0] + "/restkit/")
    terminal.run("get()")
    terminal.run("resp.status")
    terminal.run(f"%save {tmp_path}/saved 1-2")
    terminal.leave()
    assert [line for line in (tmp_path / "saved.py").read_text().splitlines() if line[:1] != "#"] == [
        "get()",
        "resp.status",
    ]
    assert (profile / "ipython_config.py").read_text() == own


def test_known_paths_are_completed_by_tab(site: tuple[str, str], tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, site[0] + "/restkit/", TERM="xterm")
    terminal.process.send("get('/rest\t")
    terminal.process.expect_exact("kit/")
    terminal.process.send("')\r")
    terminal.process.expect_exact("200 OK")
    terminal.process.close(force=True)


def test_the_start_takes_little_longer_than_ipythons_own(tmp_path: Path) -> None:
    """CPU seconds, the best of interleaved rounds: up to the first prompt and out again."""
    environ = {**os.environ, "HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path), "TERM": "dumb"}
    ours = [sys.executable, "-c", "from restkit.contrib.ipython_shell import main; main('http://h.example/')"]
    theirs = [sys.executable, "-m", "IPython", "--no-banner"]

    def cpu(command: list[str]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, input=b"exit()\n", env=environ, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    rounds = [(cpu(ours), cpu(theirs)) for _ in range(4)]
    assert min(one for one, _ in rounds) <= 1.3 * min(other for _, other in rounds)
