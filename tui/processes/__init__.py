"""How this program and the processes it starts come to their end, and know of each other."""
