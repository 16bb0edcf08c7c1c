from __future__ import annotations

from pathlib import Path

import pytest

from .every_command import Forked


@pytest.fixture(scope="module")
def forked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forked")
    for parent in (folder, *folder.parents):  # somebody else is to come by
        if (
            parent.owner() == Path.home().owner()
            and parent != Path(parent.anchor)
            and "pytest" in parent.name
        ):
            parent.chmod(0o755)
    for name in ("data", "config", "state", "home"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
    server = Forked(folder)
    yield server
    server.close()
