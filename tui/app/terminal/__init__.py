"""The two gates of the terminal: one for output to it, one for input from it."""
