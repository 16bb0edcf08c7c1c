"""Memory: the needs of weights, the memory that is free, and the placement of a model in it."""
