"""The OKX dialect of the embedded exchange."""
