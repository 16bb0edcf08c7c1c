"""Dialogs: small screens over another one, to ask, write or read something."""
