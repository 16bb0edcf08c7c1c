"""A selection of what is stored, and its export."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec
import pytest

from tui.errors import UsageError
from tui.store.exchange.export import export_to_path, export_to_stream
from tui.store.selection import Selection

from . import make

if TYPE_CHECKING:
    from tui.store.database import Store


@pytest.fixture
def judged(store: Store) -> Store:
    """The answers of two models to three items, each graded by mei and the first of them by ada too."""
    items = [make.item("code", 1), make.item("code", 2, "Subtract."), make.item("qa", 1, "Who?")]
    for item in items:
        for name in ("tiny", "small"):
            response = make.store_response(store, of=make.model(name), to=item)
            make.add(store, make.grade(response))
    first, *_ = store.responses.all()
    make.add(store, make.grade(first, grader="ada"))
    return store


def exported(store: Store, selection: Selection, what: str = "grades") -> list[str]:
    stream = io.StringIO(newline="")
    export_to_stream(store, stream, what=what, file_format="jsonl", selection=selection)  # type: ignore[arg-type]
    rows = map(msgspec.json.decode, stream.getvalue().splitlines())
    return [
        " ".join([f"{row['task']}/{row['prompt_number']}", row["model"], *filter(None, [row.get("grader")])])
        for row in rows
    ]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), 7),
        (Selection(tasks=("qa",)), ["qa/1 tiny mei", "qa/1 small mei"]),
        (Selection(prompts=("code/2",)), ["code/2 tiny mei", "code/2 small mei"]),
        (
            Selection(tasks=("qa",), prompts=("code/2",), models=("small",)),
            ["code/2 small mei", "qa/1 small mei"],
        ),
        (Selection(models=("tiny",), tasks=("code", "qa")), 4),
        (Selection(graders=("ADA",)), ["code/1 tiny ada"]),
        (Selection(graders=("ada", "mei"), prompts=("code/1",)), 3),
        (Selection(graders=("ada",), models=("small",)), []),
    ],
)
def test_only_what_is_named_is_exported(
    judged: Store, selection: Selection, expected: list[str] | int
) -> None:
    rows = exported(judged, selection)

    assert (len(rows) if isinstance(expected, int) else rows) == expected


def test_responses_and_every_event_are_selected_too(judged: Store) -> None:
    first, *_ = judged.responses.all()
    make.add(judged, make.note(first, "well"))

    assert exported(judged, Selection(prompts=("code/1",)), "responses") == ["code/1 tiny", "code/1 small"]
    assert len(exported(judged, Selection(prompts=("code/1",)), "history")) == 4


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        (Selection(tasks=("cod",)), 'holds no answer to the task "cod"; did you mean code?'),
        (Selection(prompts=("qa/2",)), 'holds no answer to the prompt "qa/2"; did you mean qa/1?'),
        (Selection(prompts=("qa",)), 'holds no answer to the prompt "qa"; did you mean qa/1?'),
        (Selection(models=("gpt",)), 'holds no answer of the model "gpt"; there are small, tiny'),
        (Selection(graders=("me",)), 'holds no judgement of the grader "me"; did you mean mei?'),
    ],
)
def test_a_name_that_nothing_stored_has_is_refused(judged: Store, selection: Selection, told: str) -> None:
    with pytest.raises(UsageError) as refusal:
        exported(judged, selection)

    assert str(refusal.value) == f"{judged.path} {told}"


def test_everything_is_exported_whole_and_a_response_is_nobodys(judged: Store, tmp_path) -> None:
    with pytest.raises(UsageError, match="the whole database"):
        exported(judged, Selection(tasks=("qa",)), "all")
    with pytest.raises(UsageError, match="the whole database"):
        export_to_path(judged, tmp_path / "all", what="all", selection=Selection(tasks=("qa",)))
    with pytest.raises(UsageError, match="a response is nobody's"):
        exported(judged, Selection(graders=("mei",)), "responses")
    assert not (tmp_path / "all").exists()
