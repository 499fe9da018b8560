"""Crashdesk."""
