"""Weights on this machine: finding, fetching and verifying a model's files."""

from tui.weights.hub.endpoint import put_aside

put_aside()
