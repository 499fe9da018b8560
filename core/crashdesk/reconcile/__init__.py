"""Pure comparison of what was known with what the exchange says."""
