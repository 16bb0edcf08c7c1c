"""Plain mode over a pipe: the command itself, on a real database."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from making import task
from msgspec.structs import replace
from store import make

from tui import paths
from tui.catalogue.item import items_of
from tui.catalogue.rubric import Criterion, Level
from tui.catalogue.task import Prompt
from tui.cli.plain.actions import actions
from tui.cli.plain.deciding import Deciding
from tui.cli.plain.front import run_plain
from tui.cli.plain.inputs import Keyboard, Pipe
from tui.cli.plain.keys import HELP, LETTERS, Command
from tui.cli.plain.reader import Reader
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in
from tui.store.items import item_record, rubric_record
from tui.text import STEERING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tui.catalogue.task import Task
    from tui.store.judgement_records import JudgementRecord

FIVE = tuple(Level(label=f"level-{n}", value=n / 4, anchor=f"anchor {n}") for n in range(5))
CRITERIA = (
    Criterion(name="truth", question="Is it true?", levels=FIVE, shows_expected=False),
    Criterion(name="style", question="Is it well written?", levels=FIVE),
    Criterion(name="length", question="Is it long enough?", levels=FIVE),
)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let standard input be a pipe with these lines."""
    streams = []

    def write(*lines: str) -> None:
        reading, writing = os.pipe()
        with open(writing, "w", encoding="utf-8", errors="surrogateescape") as pipe:  # noqa: PTH123
            pipe.write("".join(f"{line}\n" for line in lines))
        streams.append(open(reading, encoding="utf-8"))  # noqa: PTH123, SIM115
        monkeypatch.setattr(sys, "stdin", streams[-1])

    yield write
    for stream in streams:
        stream.close()


@pytest.fixture
def grade(llm_grader, typed) -> Callable[..., list[str]]:
    """Type lines to `llm-grader grade --plain` over the answers of the report; its lines."""
    with Store.open(paths.database_file()) as store:
        import_built_in(store, REPORT, app_version="0.1.0")

    def run(*lines: str, options: tuple[str, ...] = ()) -> list[str]:
        typed(*lines)
        code, output, error = llm_grader("grade", "--plain", "--grader", "mei", *options)
        assert (code, error) == (0, "")
        return output.splitlines()

    return run


def events() -> list[JudgementRecord]:
    """All that was judged by hand."""
    with Store.open(paths.database_file(), create=False) as store:
        mei = store.graders.find("mei")
        return [each for each in store.judgements.events() if mei and each.grader_id == mei.id]


def kinds() -> list[tuple[str, str | None]]:
    return [(each.kind, each.level or each.text) for each in events()]


def answers(store: Store, of: Task, *texts: str, **changes: object) -> None:
    """An answer of one model more to each item, for each text."""
    for item in items_of(of):
        rubric = rubric_record(item)
        asked = item_record(item, rubric)
        for number, text in enumerate(texts):
            by = make.model(f"model-{number}")
            made = make.response(make.new_id(), of=by, to=asked, text=text, **changes)
            store.responses.add(replace(make.recorded(made, of=by, to=asked), rubric=rubric))


@pytest.fixture
def sit(tmp_path: Path, typed, capsys) -> Callable[..., tuple[list[str], list[JudgementRecord]]]:
    """Type lines to a session over answers to a task; its lines, and all that was judged."""

    def run(of: Task, *lines: str, texts: tuple[str, ...] = ("yes", "no"), **changes: object):
        typed(*lines)
        with Store.open(tmp_path / "some.db") as store:
            if not store.responses.all():
                answers(store, of, *texts, **changes)
            run_plain(
                Shelf(store, (of,), "mei").open(ToJudge()).session,
                title="title",
                again="llm-grader grade --plain",
            )
            return capsys.readouterr().out.splitlines(), store.judgements.events()

    return run


def test_thirty_lines_grade_thirty_answers_each_read_out_before_it_is_asked_for(grade):
    output = grade(*(str(number % 3 + 1) for number in range(30)))

    judged = events()
    levels = [re.fullmatch(r"[A-Z]: ([\w-]+)\.", line) for line in output]
    assert [each.level for each in judged] == [found[1] for found in levels if found]
    assert len({each.response_id for each in judged}) == 30
    assert [each.in_view for each in judged] == [1] * 30
    assert {each.rows_unread for each in judged} == {0}
    assert all(each.shown_at and each.active_seconds is not None and each.place for each in judged)
    assert sum(line.startswith("End of answer") for line in output) == 30
    assert sum(line.startswith("Guidelines of") for line in output) == 4
    assert output[-6] == "Everything is graded. u takes back, q leaves."
    assert output[-1] == "30 of 30 answers are graded, 0 are left. Everything is saved."
    assert "0 of 30 answers are graded, 30 are left." in output


def test_who_leaves_in_the_middle_goes_on_there_another_day(grade):
    first = grade("1", "1", "1", "1", "1", "q", "1")
    assert first[-1].startswith("5 of 30 answers are graded, 25 are left. Everything is saved.")

    again = grade("2")
    assert "5 of 30 answers are graded, 25 are left." in again
    assert kinds() == [*[("grade", "fail")] * 5, ("grade", "partial")]
    assert len({each.response_id for each in events()}) == 6


def test_undo_and_redo_lead_to_the_answer_and_say_what_came_back(grade):
    output = grade("3", "u", "U", "u", "2", "u", "u")

    assert [each.kind for each in events()] == ["grade", "undo", "redo", "undo", "grade", "undo"]
    assert [line for line in output if line.startswith(("Took", "Brought", "There is nothing"))] == [
        "Took back: pass.",
        "Brought back: pass.",
        "Took back: pass.",
        "Took back: partial.",
        "There is nothing to take back.",
    ]
    assert len({each.response_id for each in events()}) == 1


def test_notes_and_flags_stay_with_their_answer_and_say_so(grade):
    output = grade("n two slips ", "x odd", "1", "N looked at twice", "n", "h", "n -", "x", "q")

    first, *others = events()
    assert kinds() == [
        ("note", "two slips"),
        ("flag", "odd"),
        ("grade", "fail"),
        ("note", "looked at twice"),
        ("note", ""),
    ]
    assert {each.response_id for each in others} == {first.response_id}
    assert {"A, note: two slips", "A, flag: odd", "Note: looked at twice", "Flag: odd"} <= {*output}
    assert "A: the note is taken away." in output
    assert output.count("Nothing was changed.") == 2


def test_a_note_that_is_no_text_is_kept_as_far_as_it_is(grade):
    grade("n caf\udce9")
    assert kinds() == [("note", "caf\ufffd")]


def test_a_line_that_means_nothing_gets_one_line_and_judges_nothing(grade):
    output = grade("12", "note", "", "9", "\u001b[A", "n", "N", "r", "skip me", "y" * 500)

    said = [line for line in output[output.index("Grade A: ") :] if line not in ("Grade A: ", "")]
    assert said[:-1] == [
        "'12' means nothing here: ? lists the keys.",
        "'note' means nothing here: ? lists the keys.",
        "That key does nothing here: ? lists the keys.",
        "There are 3 levels here.",
        "'�[A' means nothing here: ? lists the keys.",
        "Nothing was changed.",
        "There is no answer that was just graded.",
        "'r' means nothing here: ? lists the keys.",
        "'skip me' means nothing here: ? lists the keys.",
        f"{'y' * 40!r} means nothing here: ? lists the keys.",
    ]
    assert events() == []


@pytest.mark.parametrize("line", [" ", "skip", "\u3000", " \r"])
def test_a_space_or_its_word_skips(grade, line):
    grade(line)
    assert kinds() == [("skip", None)]


@pytest.mark.parametrize("line", ["２", "2\r", "\ufeff2", " 2 "])
def test_a_digit_counts_however_it_was_sent(grade, line):
    grade(line)
    assert kinds() == [("grade", "partial")]


def test_capitals_without_a_meaning_count_as_small_letters(sit):
    output, judged = sit(task(count=1), "F", "Q", "1")
    assert [each.level for each in judged] == ["fail"]
    assert "1 or f fail: does not run" in output


def test_three_criteria_of_five_levels_are_asked_one_after_another(sit):
    rated = task(count=1, levels=(), criteria=CRITERIA)

    output, judged = sit(rated, "1", "3", "5", ",", "4", "u", "q", texts=("yes",))

    assert [(each.criterion, each.level) for each in judged[:4]] == [
        ("truth", "level-0"),
        ("style", "level-2"),
        ("length", "level-4"),
        ("style", "level-3"),
    ]
    assert [line for line in output if line.startswith("Grade ")][:5] == [
        "Grade A, truth: ",
        "Grade A, style: ",
        "Grade A, length: ",
        "Grade A, length: ",
        "Grade A, style: ",
    ]
    assert "Took back: level-3." in output
    assert output[-2] == "Grade A, style: "
    assert output.count("End of answer A.") == 1


def test_the_correct_answer_is_hidden_from_a_criterion_that_says_so(sit):
    prompt = Prompt(number=1, title="Sum", text="1 + 1?", expected="Two.")
    rated = task(prompts=(prompt,), levels=(), criteria=CRITERIA)

    output, judged = sit(rated, "1", "i", "2", "q", texts=("yes",))

    asked = output.index("Grade A, truth: ")
    assert "Correct answer: Two." not in output[:asked]
    assert "Correct answer: Two." in output[asked:]
    assert [each.saw_expected for each in judged] == [False, True]


def test_it_says_in_words_what_else_a_screen_shows_of_an_answer(sit):
    one = task(count=1)
    output, _ = sit(one, "h", texts=("", "half a"), finish_reason="length", lost_in_print="two lines lost")
    read = "\n".join(output)
    assert "It is empty: there is nothing to read in it." in read
    assert "It was cut off" in read
    assert "Remark: two lines lost" in read
    assert "2 answers." in read


def test_nothing_but_plain_lines_comes_out_whatever_a_model_wrote(sit):
    hostile = "\x1b[31mred\x1b[0m\rover\x07\x9b2J\u202eback\u2028line\x00"
    output, _ = sit(task(count=1, title=hostile), "i", "I", f"n {hostile}", "q", texts=(hostile,))
    assert [line for line in output if STEERING.search(line)] == []
    assert "�[31mred�[0m�over��2J�back�line�" in output


def test_search_goes_to_the_next_item_with_all_the_words_and_says_where_there_is_none(sit):
    prompts = tuple(
        Prompt(number=n, title=title, text=f"Do {title.lower()}.")
        for n, title in enumerate(("Apples", "Pears", "Plums"), 1)
    )
    output, _ = sit(task(prompts=prompts), "/ do PEARS", "/plums", "/ cherries", "/")
    said = [line for line in output if line.startswith(("Item ", "No "))]
    assert [line.rpartition(", ")[2] for line in said if "Pears" in line or "Plums" in line][-2:] == [
        "Pears",
        "Plums",
    ]
    assert said[-2:] == ["No item has these words.", "No words were given."]


def test_the_history_lists_what_was_judged_newest_first_and_leads_back_to_it(grade):
    output = grade("1", "x odd", "2", "n slow", " ", "H", "H 2", "3", "H flagged", "H slow", "H 9", "H none")

    listed = [line for line in output if re.match(r"\d\. ", line)]
    assert [line[0] for line in listed] == ["1", "2", "3", "1", "1"]
    assert listed[0].endswith(": skipped; note: slow")
    assert listed[1].endswith(": partial; flag: odd")
    assert listed[2].endswith(": fail")
    assert listed[3].endswith(": pass; flag: odd")
    assert listed[4] == listed[0]
    assert [each.level for each in events() if each.kind == "grade"] == ["fail", "partial", "pass"]
    assert len({each.response_id for each in events()}) == 3
    assert "The history has no number 9." in output
    assert "The history has nothing of that." in output


def test_the_details_have_all_that_was_done_with_an_answer(sit):
    output, _ = sit(task(count=1), "1", "h", "n why", "u", "i", texts=("yes", "no"))
    done = [re.sub(r"^[\d-]+ [\d:]+: ", "", line) for line in output if re.match(r"\d{4}-", line)]
    assert done == ["grade overall fail, stands", "note why, taken back", "undo why"]


def test_it_moves_as_the_screen_does(sit):
    output, judged = sit(task(count=2), "l", "l", "alt+b", "alt+c", "]", "]", "[", ".", "z", "S", ";")
    said = [line for line in output if re.match(r"Answer|Item|This|There", line)]
    items = [line for line in said if line.startswith("Item")]
    assert [line.rpartition(": ")[0] for line in items] == ["Item 1 of 2", "Item 2 of 2", "Item 1 of 2"]
    assert [line[7] for line in said if line.startswith("Answer")] == [*"ABABAA", "B", "B"]
    assert said[-2:] == ["There is one answer of this model to this item.", "There is one criterion."]
    assert "There are 2 answers to this item." in said
    assert "This is the last item." in said
    assert judged == []


def test_of_a_pair_both_answers_are_read_and_then_one_question_is_asked(grade):
    output = grade("1", "2", "skip", "3", "4", options=("--pairs",))

    assert output[1] == "0 of 35 pairs are judged, 35 are left."
    asked = [place for place, line in enumerate(output) if line.startswith("Which is better:")]
    first = output[: asked[0]]
    shown = ["Left answer", "End of the left answer.", "Right answer", "End of the right answer."]
    assert [line for line in first if line in shown] == shown
    assert first[-5:] == [
        "Which answer is better?",
        "1 left: the left answer is better",
        "2 right: the right answer is better",
        "3 equal: both are as good",
        "4 both bad: neither is of any use",
    ]
    said = [line for line in output if line.startswith("Pair: ")]
    assert said == ["Pair: left.", "Pair: right.", "Pair: skipped.", "Pair: equal.", "Pair: both bad."]
    assert [each.given for each in events()] == ["left", "right", None, "equal", "both bad"]
    assert {each.in_view for each in events()} == {2}
    assert output[-1].startswith("5 of 35 pairs are judged, 30 are left.")


def test_undo_notes_and_history_of_pairs_go_on_another_day(grade):
    grade("1", "n both long", "2", "x odd", options=("--pairs",))
    output = grade("u", "u", "3", "H", "H 2", "N last", options=("--pairs",))

    assert "Took back: the flag." in output
    assert "Took back: right." in output
    listed = [line for line in output if re.match(r"\d\. ", line)]
    assert [line.rpartition(": ")[2] for line in listed] == ["both long", "left"]
    assert listed[0].endswith(": equal; note: both long")
    assert "Given: left." in output[output.index(listed[1]) :]
    assert any(line.startswith("Pair, ") and line.endswith(", note: last") for line in output)


def test_a_session_of_pairs_is_found_by_its_id_and_told_from_one_of_grades(grade, llm_grader, typed):
    grade("1", options=("--pairs",))
    grade("3")
    pairs = events()[0].session_id

    output = grade(options=("--session", pairs))
    assert output[1] == "1 of 35 pairs are judged, 34 are left."
    typed()
    code, _, error = llm_grader("grade", "--plain", "--pairs", "--again")
    assert (code, "leave --again" in error) == (2, True)


def test_what_cannot_be_saved_is_said_and_the_answer_stays(tmp_path, typed, capsys):
    one, file = task(count=1), tmp_path / "some.db"
    with Store.open(file) as store:
        answers(store, one, "yes", "no")
        session = Shelf(store, (one,), "mei").open(ToJudge()).session
        file.rename(tmp_path / "away.db")
        typed("1", "n not lost", "q")
        run_plain(session, title="title", again="llm-grader grade --plain")

    output = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("Not saved: ") for line in output) == 2
    assert [line for line in output if line.startswith("Grade ")] == ["Grade A: "] * 3
    assert output[-1].startswith("0 of 2 answers are graded, 2 are left.")


def test_a_reader_that_goes_away_ends_it_without_a_word(grade):
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "grade", "--plain", "--grader", "mei"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.communicate("1\n" * 5)
        assert process.wait() == 1


def test_it_needs_no_textual(grade):
    code = (
        "import sys; sys.argv = ['llm-grader', 'grade', '--plain']\n"
        "from tui.cli.main import main\n"
        "try: main()\n"
        "finally: sys.stderr.write(str('textual' in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], input="1\n", capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "False")
    assert "1 of 30 answers are graded" in ended.stdout


def test_every_key_is_in_the_help_and_no_letter_of_one_gives_a_level():
    reader = Reader(None)
    keys = {*actions(reader, Deciding(reader, Pipe()), Pipe()), "q"}
    helped = " ".join(named for named, _ in HELP)
    assert [
        key for key in keys if len(key) == 1 and key.isprintable() and key not in f"{helped} 2345678"
    ] == []
    assert {key for key in keys if re.fullmatch(r"[a-z]", key)} == LETTERS


def test_a_held_key_decides_once_and_is_told_of_once(monkeypatch, sit):
    class Hasty(Pipe):
        least_seconds = 0.15

    times = iter([1.0, 1.1, 1.2, 1.3, 1.5])
    monkeypatch.setattr("tui.cli.plain.front.standard_input", Hasty)
    monkeypatch.setattr("tui.cli.plain.deciding.monotonic", lambda: next(times))

    output, judged = sit(task(count=2), "1", "1", "u", " ", "2")

    assert [each.level for each in judged] == ["fail", "partial"]
    assert sum(line.startswith("Too fast for a person") for line in output) == 1


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (["\x1b[A", "\x1bOC", "\x1b[3~", "\x1b[1;5C", "1"], Command("1")),
        (["\x1b", "[2~", "1"], Command("1")),
        (["\x1b[20", "0~", "2"], Command("2")),
        (["\x1b]11;rgb:ffff", "/0000/0000\x1b\\", "3"], Command("3")),
        (["\xe0H", "\x00H", "4"], Command("4")),
        (["\x1b[Z"], Command("h")),
        (["\x1bOP"], Command("?")),
        (["\x1bB"], Command("alt+b")),
        ([""], None),
    ],
)
def test_what_a_terminal_sends_is_one_key_or_none(monkeypatch, sent, expected):
    monkeypatch.setattr("click.getchar", lambda: next(parts))
    parts = iter(sent)
    assert Keyboard().command() == expected


def test_what_came_with_a_key_is_the_beginning_of_its_text(monkeypatch, typed, capsys):
    monkeypatch.setattr("click.getchar", lambda: "nfoo")
    typed(" bar")
    keyboard = Keyboard()
    assert keyboard.command() == Command("n")
    assert keyboard.ask("Note: ") == "foo bar"
