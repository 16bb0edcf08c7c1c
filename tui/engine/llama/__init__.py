"""llama.cpp through the binding's low-level calls. Imported in the worker process only."""
