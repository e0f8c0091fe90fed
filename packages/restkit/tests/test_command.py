"""`python -m restkit` and `restkit doctor`."""

import os
import subprocess
import sys


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "restkit", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environment},
    )


def test_it_is_restcli():
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, "restcli 5.0.0\n")


def test_the_doctor_names_versions_trust_store_proxies_and_extras_but_no_password():
    done = run("doctor", https_proxy="http://me:secret@proxy.example:3128")
    assert done.returncode == 0, done.stdout
    for topic in ("restkit-client", "trust store", "brotli", "http://proxy.example:3128"):
        assert topic in done.stdout
    assert "secret" not in done.stdout + done.stderr
