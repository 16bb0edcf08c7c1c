"""What weights need in memory, what there is of it, and how much of a model is put where."""
