"""What is sent and what comes back: requests, their heads and bodies; responses."""

__all__: list[str] = []
