"""From a catalogue entry to a file on this machine, and that file's identity."""

from tui.weights.hub.endpoint import put_aside

put_aside()
