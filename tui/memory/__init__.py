"""Memory: the needs of weights, the memory that is free, and its allocation to a model."""
