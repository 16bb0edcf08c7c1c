"""Engines, which generate text, and the seam the rest of the program sees of them."""
