"""nginx in a folder of its own: static files, gzip, ranges, TLS; a log that says which connection served what."""

import contextlib
import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from servers.certificates import Certificates
from servers.logs import lines_with
from servers.process import running
from servers.requirements import require_program

CONFIGURATION = """
daemon off;
master_process off;
{user}
pid {prefix}/nginx.pid;
error_log {prefix}/error.log;
events {{ worker_connections 512; }}
http {{
    log_format served '$connection $connection_requests $request_method $request_uri $status $http_host';
    access_log {prefix}/access.log served;
    client_body_temp_path {prefix}/temp;
    proxy_temp_path {prefix}/temp;
    fastcgi_temp_path {prefix}/temp;
    uwsgi_temp_path {prefix}/temp;
    scgi_temp_path {prefix}/temp;
    client_max_body_size 0;
    types {{ text/plain txt; application/json json; application/octet-stream bin; }}
    root {prefix}/files;
    gzip_min_length 100;
    gzip_types text/plain application/json;
    server {{
        listen 127.0.0.1:{ports[0]};
        location / {{ }}
        location /packed/ {{ alias {prefix}/files/; gzip on; }}
        location /once/ {{ alias {prefix}/files/; keepalive_timeout 0; }}
        location = /moved {{ return 302 /small.txt; }}
        location = /gone {{ return 410 "gone\\n"; }}
    }}
    server {{
        listen 127.0.0.1:{ports[1]} ssl;
        ssl_certificate {certificates.server};
        ssl_certificate_key {certificates.server};
    }}
    server {{
        listen 127.0.0.1:{ports[2]} ssl;
        ssl_certificate {certificates.other};
        ssl_certificate_key {certificates.other};
    }}
}}
"""


class Served(NamedTuple):
    """One line of the log: a request as nginx saw it."""

    connection: int
    nth_on_connection: int
    method: str
    target: str
    status: int
    host: str


class Nginx(NamedTuple):
    """A running nginx."""

    prefix: Path
    url: str
    """http://127.0.0.1:port"""
    tls_url: str
    """https://localhost:port, with a certificate for that name"""
    wrong_name_url: str
    """https://localhost:port, with a certificate for other.example"""

    @property
    def files(self) -> Path:
        """What is served: a file put here is at `/name`, at `/packed/name` with gzip, at `/once/name` without keep-alive."""
        return self.prefix / "files"

    def served(self, mark: str, count: int) -> list[Served]:
        """The requests whose target holds the mark, once there are so many."""
        return lines_with(self._log, mark, count)

    def _log(self) -> list[Served]:
        lines = (line.split(" ", 5) for line in (self.prefix / "access.log").read_text().splitlines())
        return [
            Served(int(c), int(n), method, target, int(status), host)
            for c, n, method, target, status, host in lines
        ]


@contextlib.contextmanager
def run_nginx(prefix: Path, certificates: Certificates) -> Iterator[Nginx]:
    """Start nginx with three listeners: plain, TLS, TLS under another's name."""
    program = require_program("nginx", "apt-get install nginx-light")
    for name in ("files", "temp"):
        (prefix / name).mkdir()
    (prefix / "files" / "small.txt").write_bytes(b"hello from nginx\n")
    # A worker of root becomes nobody, who may not read our folder.
    user = "user root;" if getpass.getuser() == "root" else ""

    def command(ports: list[int]) -> list[str]:
        text = CONFIGURATION.format(user=user, prefix=prefix, ports=ports, certificates=certificates)
        (prefix / "nginx.conf").write_text(text)
        return [program, "-p", str(prefix), "-e", str(prefix / "error.log"), "-c", str(prefix / "nginx.conf")]

    with running(command, prefix, ports=3) as (plain, tls, wrong):
        yield Nginx(
            prefix, f"http://127.0.0.1:{plain}", f"https://localhost:{tls}", f"https://localhost:{wrong}"
        )
