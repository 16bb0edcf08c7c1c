"""What leaves for the terminal and what arrives from it, each through one gate."""
