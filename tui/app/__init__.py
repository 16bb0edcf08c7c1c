"""The Textual front."""
