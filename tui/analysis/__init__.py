"""Statistics and reports over stored grades."""
