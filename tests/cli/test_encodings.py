"""Files as editors on any system save them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui import paths
from tui.catalogue.loading import load_models, load_task
from tui.cli.template_file import read_template
from tui.config import load_config
from tui.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = "{{ instruction }}\nÉ"
MODELS = (
    '[[models]]\nname = "a"\ntitle = "É"\nlicence = "MIT"\nsources = [{ path = "a.gguf" }]\n'
    'template = "{{ a }}"\n'
)
TASK = (
    'name = "a"\ntitle = "É"\n'
    '[[levels]]\nlabel = "no"\nkey = "x"\nvalue = 0\nanchor = "no"\n'
    '[[levels]]\nlabel = "yes"\nkey = "b"\nvalue = 1\nanchor = "yes"\n'
    '[[prompts]]\nnumber = 1\ntitle = "t"\ntext = "É"\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path, encoding: str, line_end: str) -> None:
    file = tmp_path / "file"

    def written(text: str) -> Path:
        file.write_text(text, encoding, newline=line_end)
        return file

    assert read_template(written(TEMPLATE)) == TEMPLATE
    assert load_models(written(MODELS))[0].title == "É"
    assert load_task(written(TASK)).prompts[0].text == "É"
    paths.config_dir().mkdir(parents=True)
    paths.config_file().write_text('grader = "Éa"\n', encoding, newline=line_end)
    assert load_config().grader == "Éa"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "this is UTF-16 text; save the file as UTF-8"),
        ("utf-16-le", "this is UTF-16 text, or no text at all; save the file as UTF-8"),
        ("utf-16-be", "this is UTF-16 text, or no text at all; save the file as UTF-8"),
        ("utf-32", "this is UTF-32 text; save the file as UTF-8"),
        ("latin-1", "this is not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_a_file_of_another_encoding_is_told_in_one_line(tmp_path: Path, encoding: str, said: str) -> None:
    file = tmp_path / "file"

    for text, read, failure in (
        (TEMPLATE, read_template, UsageError),
        (MODELS, load_models, ConfigError),
        (TASK, load_task, ConfigError),
    ):
        file.write_bytes(text.encode(encoding))
        with pytest.raises(failure) as refusal:
            read(file)
        [line] = str(refusal.value).splitlines()
        assert line.startswith(f"{file}: ")
        assert line.endswith(said)


def test_a_template_that_is_none_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "broken.jinja"
    file.write_text("{% if %}")

    with pytest.raises(
        UsageError, match=r"broken\.jinja: line 1 of the chat template: Expected an expression"
    ):
        read_template(file)


def test_reading_a_template_computes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "folds.jinja"
    for template in ("{{ 'a' * 10**10 }}", "{{ 7 ** 10 ** 10 }}", "{{ 'a'.center(8000000000) }}"):
        file.write_text(template)

        assert read_template(file) == template
