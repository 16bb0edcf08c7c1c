"""Seals: hashes over what was judged, made once and compared with the database later."""
