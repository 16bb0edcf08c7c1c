"""A checkpoint of many files is fetched as if it were one, and nothing of it twice."""

from __future__ import annotations

import pytest
from hub_server import HubServer, Turn

from tui.catalogue.model import Checkpoint
from tui.errors import WeightsError
from tui.weights.fetching.fetch_checkpoint import fetch_checkpoint

from .quick import QUICK, Unhurried

CHECKPOINT = Checkpoint(repo="someone/original")
FILES = {"added.json": b"", "config.json": b"{}", "model.safetensors": bytes(range(256)) * 1000}


def fetched() -> list[object]:
    return list(fetch_checkpoint(CHECKPOINT, Unhurried()))


def test_what_is_here_is_not_asked_for_again_an_empty_file_neither(hub: HubServer) -> None:
    for name, content in FILES.items():
        hub.add(CHECKPOINT.repo, name, content)
    # For an empty file no bytes are asked for.
    hub.turns[:] = [Turn(), Turn(stop_after=1000), *[Turn(stop_after=0)] * QUICK.tries]
    with pytest.raises(WeightsError, match="start it again to go on"):
        fetched()
    hub.turns.clear()
    hub.requests.clear()

    fetched()

    asked_for = {request.path.rpartition("/")[2] for request in hub.requests if "/resolve/" in request.path}
    assert asked_for == {"model.safetensors"}
