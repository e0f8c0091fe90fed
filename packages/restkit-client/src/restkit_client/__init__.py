"""An HTTP client and resource kit: pooled connections, streaming, filters, deadlines that hold."""

__version__ = "5.0.0"
