"""Dialogs: each is built from its arguments and returns an answer."""
