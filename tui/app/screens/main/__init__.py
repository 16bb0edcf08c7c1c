"""The main screen: items on the left, the sheet of one of them, its rubric and keys."""
