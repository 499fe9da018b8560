"""Table models: records in, sorted and filtered rows out."""
