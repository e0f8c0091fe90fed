"""`python -m restkit_contrib.console` is restcli."""

from . import main

main()
