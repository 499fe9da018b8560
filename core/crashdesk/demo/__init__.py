"""The demonstration: an embedded exchange on loopback, a sample bot that trades on it, and the incident."""
