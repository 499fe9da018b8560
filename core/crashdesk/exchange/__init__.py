"""What an exchange says now: the protocol, its records, and the ccxt implementation."""
