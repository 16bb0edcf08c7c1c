"""The llama.cpp engine: a worker process per weights, as many at a time as memory allows."""
