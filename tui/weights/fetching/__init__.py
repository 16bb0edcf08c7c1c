"""From a catalogue entry to its files: sources in order, adapters, checkpoints, beside an event loop."""
