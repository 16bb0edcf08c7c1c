"""Short-lived processes that load llama.cpp for one question or one file, and what they run."""
