"""`make fuzz`: each parser of the project against inputs that nobody would send on purpose."""
