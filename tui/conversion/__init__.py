"""From an original checkpoint to a GGUF file that runs: fetched, converted, quantised, tried."""
