"""Plain mode: a session as lines of text, one thing after another, for screen readers and dumb terminals."""
