"""Real servers on free loopback ports, each started for the tests and always ended."""
