"""Text out of weights: one worker process per weights, and the seam the rest of the program sees of it."""
