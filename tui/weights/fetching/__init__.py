"""Fetching of a catalogue entry's files: sources in order, adapters, checkpoints, beside an event loop."""
