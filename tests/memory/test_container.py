from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui.memory import free
from tui.memory.container import Allowance, allowance

if TYPE_CHECKING:
    from pathlib import Path

GIB = 1 << 30
VERSION_2 = {"memory.max": 8 * GIB, "memory.current": 3 * GIB, "memory.stat": "anon 5\ninactive_file 1024"}
VERSION_1 = {
    "memory/memory.limit_in_bytes": 8 * GIB,
    "memory/memory.usage_in_bytes": 3 * GIB,
    "memory/memory.stat": "cache 7\ntotal_inactive_file 1024",
}


def write(root: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(f"{content}\n")
    return root


@pytest.mark.parametrize("files", [VERSION_1, VERSION_2])
def test_a_container_leaves_what_it_does_not_use_or_uses_for_files_only(
    tmp_path: Path, files: dict[str, object]
) -> None:
    assert allowance(write(tmp_path, files)) == Allowance(8 * GIB, 5 * GIB + 1024)


def test_without_a_limit_or_a_container_the_memory_is_the_machine_s(tmp_path: Path) -> None:
    assert allowance(tmp_path) is None
    assert allowance(write(tmp_path, VERSION_2 | {"memory.max": "max"})) is None


def test_no_more_is_free_than_the_container_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free, "allowance", lambda: Allowance(2000, 1000))
    assert (free.total_memory(), free.free_memory()) == (2000, 1000)
    monkeypatch.setattr(free, "allowance", lambda: Allowance(1 << 62, 1 << 62))
    assert free.free_memory() < free.total_memory() < 1 << 50
