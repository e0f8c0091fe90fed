"""Servers in front of a proxy, and one nginx that is origin and, for comparison, a proxy itself."""

import contextlib
import getpass
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from servers.nginx import Served
from servers.process import running
from servers.requirements import require_program

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXAMPLES = ROOT / "examples" / "proxy"
WORKERS = {
    "sync": ["-k", "sync", "-w", "3"],
    "gthread": ["-k", "gthread", "--threads", "16"],
    "gevent": ["-k", "gevent"],
}


@contextlib.contextmanager
def gunicorn(
    folder: Path, app: str, worker: str = "gthread", chdir: Path = HERE, **variables: str
) -> Iterator[tuple[str, int]]:
    """gunicorn with an application; yields its URL, and the process id of its first worker's parent."""
    folder.mkdir(parents=True, exist_ok=True)

    def command(ports: list[int]) -> list[str]:
        names = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
        where = ["--bind", f"127.0.0.1:{ports[0]}", "--chdir", str(chdir), "--worker-tmp-dir", str(folder)]
        pid = [
            "--pid",
            str(folder / "pid"),
            "--log-level",
            "warning",
            "--timeout",
            "120",
            "--graceful-timeout",
            "1",
        ]
        return [sys.executable, "-m", "gunicorn", *WORKERS[worker], *where, *pid, *names, app]

    with running(command, folder) as (port,):
        yield f"http://127.0.0.1:{port}", int((folder / "pid").read_text())


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
    types {{ text/plain txt; application/octet-stream bin; }}
    default_type application/octet-stream;
    keepalive_requests 100000;
    server {{
        listen 127.0.0.1:{ports[0]};
        root {prefix}/files;
        location / {{ }}
        location /put/ {{
            dav_methods PUT;
            create_full_put_path on;
            add_header Content-Type text/plain always;
        }}
    }}
    server {{
        listen 127.0.0.1:{ports[1]};
        location / {{
            proxy_pass {upstream};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
            proxy_request_buffering off;
        }}
    }}
}}
"""


class Nginx(NamedTuple):
    """A running nginx."""

    prefix: Path
    url: str
    """the origin: files, and PUT /put/NAME, which makes one"""
    proxy_url: str
    """the same requests to `upstream` through proxy_pass"""

    def log(self) -> list[Served]:
        lines = (line.split(" ", 5) for line in (self.prefix / "access.log").read_text().splitlines())
        return [
            Served(int(c), int(n), method, target, int(status), host)
            for c, n, method, target, status, host in lines
        ]


@contextlib.contextmanager
def run_nginx(prefix: Path, upstream: str = "http://127.0.0.1:9") -> Iterator[Nginx]:
    """Start nginx; `upstream` is where its own proxy leads."""
    program = require_program("nginx", "apt-get install nginx-light")
    for name in ("files", "temp"):
        (prefix / name).mkdir(parents=True)
    user = "user root;" if getpass.getuser() == "root" else ""

    def command(ports: list[int]) -> list[str]:
        text = CONFIGURATION.format(user=user, prefix=prefix, ports=ports, upstream=upstream)
        (prefix / "nginx.conf").write_text(text)
        return [program, "-p", str(prefix), "-e", str(prefix / "error.log"), "-c", str(prefix / "nginx.conf")]

    with running(command, prefix, ports=2) as (plain, proxy):
        yield Nginx(prefix, f"http://127.0.0.1:{plain}", f"http://127.0.0.1:{proxy}")
