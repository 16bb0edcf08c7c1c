from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has places of its own: nothing of the person's is read or written."""
    folder = tmp_path / "home"
    for variable in ("DATA_DIR", "CONFIG_DIR", "STATE_DIR"):
        monkeypatch.setenv(f"LLM_GRADER_{variable}", str(folder / variable.lower()))
    for variable in ("DB", "MODELS_DIR", "GRADER", "THEME"):
        monkeypatch.delenv(f"LLM_GRADER_{variable}", raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(folder / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return folder
