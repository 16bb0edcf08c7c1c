"""Text drawn as it was written, every character in its place: its rows, and the style on top of them."""
