"""`.ci/run`: install what the machine lacks, then `make test` with everything required, then `make check`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.workspace import ROOT

DEBIAN = {
    "nginx": "nginx-light",
    "squid": "squid",
    "tinyproxy": "tinyproxy",
    "curl": "curl",
    "strace": "strace",
    "cc": "gcc libc6-dev",
    "make": "make",
    "node": "nodejs",
    "npm": "npm",
}
"""Each program the tests start, with the Debian packages that bring it."""

NPM = ("pouchdb-server@4.2.0", "busboy@1", "formidable@3")
"""A CouchDB-compatible server, and two multipart readers of another make."""

PREFIX = "restkit-node"


def node_cache() -> Path:
    """Where the npm packages live: outside the tree, so that a clean clone finds them again."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / PREFIX


def install_programs() -> None:
    """With apt, when root and something is missing; else the tests say what they miss."""
    missing = [
        package for program, package in DEBIAN.items() if shutil.which(program, path=search_path()) is None
    ]
    # Debian keeps the part of venv that brings pip in a package of its own.
    if importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if not missing:
        return
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"not root, or no apt: install {' '.join(missing)} yourself", flush=True)
        return
    # The servers are started by the tests alone: none is to be running because it was installed.
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=True)
    names = [name for package in missing for name in package.split()]
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names]
    subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)


def install_node_packages() -> None:
    """With npm, once: a stamp beside them says which ones are there."""
    cache = node_cache()
    stamp = cache / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == " ".join(NPM):
        return
    cache.mkdir(parents=True, exist_ok=True)
    # --ignore-scripts: leveldb's binding has a prebuilt file; nothing needs a compiler.
    command = ["npm", "install", "--prefix", str(cache), "--no-audit", "--no-fund", "--loglevel=error", *NPM]
    subprocess.run(command, cwd=cache, check=True)
    stamp.write_text(" ".join(NPM), encoding="utf-8")


def search_path() -> str:
    """PATH with the folders where Debian keeps servers, which a user's PATH may lack."""
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def main() -> None:
    """Install, test, check; every part is run, the first failure decides the exit status."""
    install_programs()
    install_node_packages()
    vectors = os.environ.get("RESTKIT_VECTORS") or str(ROOT.parent / "shared" / "vectors")
    if not Path(vectors).is_dir():
        sys.exit(f"no test vectors in {vectors}: set RESTKIT_VECTORS to their folder")
    settings = os.environ | {"PATH": search_path(), "RESTKIT_REQUIRE": "1", "RESTKIT_VECTORS": vectors}
    failed = 0
    for target in ("test", "check"):
        command = ["make", "--no-print-directory", target, f"PYTHON={sys.executable}"]
        status = subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode
        print(f"make {target}: exit status {status}", flush=True)
        failed = failed or status
    sys.exit(failed)


if __name__ == "__main__":
    main()
