"""Conversion of an original checkpoint into a GGUF file that runs: fetch, convert, quantise, try."""
