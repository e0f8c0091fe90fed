"""The provider under gunicorn, over TLS."""

import sys
from pathlib import Path

import pytest

from servers.process import running

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def provider(tmp_path_factory, certificates):
    """The https URL of the provider; its certificate is of `certificates.authority`."""
    folder = tmp_path_factory.mktemp("provider")

    def command(ports):
        tls = ["--certfile", str(certificates.server), "--keyfile", str(certificates.server)]
        # One worker: the provider's memory is the process's.
        one = ["--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", str(folder)]
        where = ["--bind", f"127.0.0.1:{ports[0]}", "--chdir", str(HERE), "--log-level", "warning"]
        return [sys.executable, "-m", "gunicorn", *one, *tls, *where, "provider_app:application"]

    with running(command, folder) as (port,):
        yield f"https://localhost:{port}"


@pytest.fixture
def trusted(monkeypatch, certificates):
    """Every TLS context made from the system's authorities trusts the test's authority."""
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(certificates.authority))
