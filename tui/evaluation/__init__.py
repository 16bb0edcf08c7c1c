"""Planning and running generation, and the grading of what came out."""
