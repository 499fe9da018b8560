"""Checkpoints, journal and history on disk."""
