"""The older name of restkit.contrib, which the manual's examples use."""
