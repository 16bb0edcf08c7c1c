"""States in words and marks: nothing here is a widget."""
