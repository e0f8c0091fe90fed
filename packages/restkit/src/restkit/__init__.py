"""An HTTP resource kit for Python: everything of restkit under its documented names."""

__version__ = "5.0.0"
