"""All that runs in a worker process: its pipes, and llama.cpp through the binding's low-level calls."""
