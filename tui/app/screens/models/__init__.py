"""The models of the catalogue: what is here of each, and fetching, verifying, removing it."""
