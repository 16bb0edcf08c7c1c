"""Files of weights on this machine: where they lie, where they came from, and whether they are whole."""
