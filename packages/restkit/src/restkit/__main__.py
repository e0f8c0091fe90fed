"""`restkit` and `python -m restkit`: restcli under the documented name, and `restkit doctor`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run restcli with the arguments of the process, or say what this installation has when they are `doctor`."""
    if sys.argv[1:] == ["doctor"]:
        from restkit_contrib.console.doctor import doctor

        sys.exit(doctor())
    from restkit_contrib.console import main as restcli

    restcli()


if __name__ == "__main__":
    main()
