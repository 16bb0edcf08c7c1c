"""Widgets that screens share, and the two views of an answer."""
