"""The child process of llama.cpp's converter: `tui.conversion.converter_process FOLDER …`.

FOLDER holds the converter, the rest is the converter's own command line.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

from tui.conversion.converter_script import SCRIPT


def main() -> None:
    converter = Path(sys.argv[1])
    sys.path[:0] = [str(converter), str(converter / "gguf-py")]
    _keep_names_of_config()
    _run_no_code_of_the_checkpoint()
    sys.argv = [SCRIPT, *sys.argv[2:]]
    runpy.run_path(str(converter / SCRIPT), run_name="__main__")


def _keep_names_of_config() -> None:
    """The converter asks for settings by the names they have in config.json. It was written for transformers
    4, which gives them by those names; transformers 5 renames some (`rotary_pct`). What the file says is
    added to what transformers makes of it, and has the last word."""
    from conversion.base import ModelBase  # type: ignore[import-not-found]

    load = ModelBase.load_hparams

    def load_hparams(folder: Path, is_mistral_format: bool) -> dict[str, Any]:
        file = Path(folder) / "config.json"
        own = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return {**load(folder, is_mistral_format), **own}

    ModelBase.load_hparams = staticmethod(load_hparams)


def _run_no_code_of_the_checkpoint() -> None:
    """The converter trusts the folder it is given. Checkpoints come from anywhere, some with Python files
    that transformers would run for it."""
    import transformers.dynamic_module_utils as modules

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("the checkpoint brings Python code of its own, which is not run")

    modules.get_class_in_module = refuse


if __name__ == "__main__":
    main()
