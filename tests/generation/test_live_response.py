"""A live response, as the engine's events make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from making import runnable_models, task
from msgspec.structs import replace

from tui.catalogue.item import items_of
from tui.engines.events import Delta, Finished, Loaded, Loading, Started
from tui.engines.llama.ending import Ending
from tui.engines.scripted import FACTS
from tui.generation.live_response import LiveResponse

if TYPE_CHECKING:
    from pathlib import Path

STARTED = Started(id="1", template="", rendered_prompt="p", prompt_tokens=9, warnings=("s",))


def answer(tmp_path: Path) -> LiveResponse:
    code = task()
    made = LiveResponse(runnable_models(tmp_path, 1)[0], items_of(code)[0])
    made.begin("1")
    return made


def test_what_is_begun_anew_shows_none_of_its_first_beginning(tmp_path: Path) -> None:
    shown = answer(tmp_path)
    first = [Loading(fraction=0.5), Loaded(facts=replace(FACTS, warnings=("w",))), STARTED]
    for event in (*first, Delta(id="1", text="be", tokens=2), *first):
        shown.take(event)
    assert (shown.phase, shown.text, shown.tokens, shown.warnings) == ("reading", "", 0, ("w", "s"))

    shown.take(Delta(id="1", text="anew", tokens=1))
    assert (shown.phase, shown.text) == ("writing", "anew")


def test_a_worker_s_end_is_a_short_word_in_a_pane(tmp_path: Path) -> None:
    words = {-11: "crashed (SIGSEGV): see `llm-grader doctor`", -9: "killed (SIGKILL): run it again"}
    for code, said in words.items():
        shown = answer(tmp_path)
        ending = Ending("b.gguf", code, tmp_path / "worker.log")
        shown.take(Finished(id="1", reason="failed", error=ending.line, log=str(ending.log)))
        assert shown.phase == "failed"
        assert shown.error == said
