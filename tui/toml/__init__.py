"""Typed reading of TOML files, and their mistakes in words."""
