"""Sessions of graders: what is shown to be judged, and what a decision does."""
