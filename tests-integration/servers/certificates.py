"""Certificates made at test time by trustme: one authority, one certificate for us, one for somebody else."""

from pathlib import Path
from typing import NamedTuple

import trustme


class Certificates(NamedTuple):
    """Paths of PEM files."""

    authority: Path
    """The authority's own certificate: what a client is told to trust."""
    server: Path
    """Chain and key for localhost, 127.0.0.1 and ::1."""
    other: Path
    """Chain and key for other.example, of the same authority."""


def make_certificates(folder: Path) -> Certificates:
    """Write the three files into the folder."""
    authority = trustme.CA()
    made = Certificates(folder / "authority.pem", folder / "server.pem", folder / "other.pem")
    authority.cert_pem.write_to_path(made.authority)
    authority.issue_cert("localhost", "127.0.0.1", "::1").private_key_and_cert_chain_pem.write_to_path(
        made.server
    )
    authority.issue_cert("other.example").private_key_and_cert_chain_pem.write_to_path(made.other)
    return made
