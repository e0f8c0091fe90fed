"""`python -m restkit_contrib.console` is restcli."""

from . import main

if __name__ == "__main__":
    main()
