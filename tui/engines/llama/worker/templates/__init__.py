"""Chat templates rendered in a process of their own, which may take too long or too much and be ended."""
