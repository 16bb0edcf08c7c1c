"""From a catalogue entry to a file on this machine, and that file's identity."""
