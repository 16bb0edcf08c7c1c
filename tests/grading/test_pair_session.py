"""A session of pairs: what is asked, what is stored of it, and how it goes on after it was left."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations, count
from typing import TYPE_CHECKING

import pytest
from making import task
from msgspec.structs import replace
from store import make

from grading.test_session import statements
from tui.catalogue.item import items_of
from tui.errors import UsageError
from tui.grading.compared import CHOICES
from tui.grading.decisions import Flag, Grade, Note, Seen, Skip
from tui.grading.history import Filter
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.pair_opening import PairShelf
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.items import item_record, rubric_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.pair_session import PairSession
    from tui.store.judgement_records import JudgementRecord

TASKS = (task("code", 3), task("text", 2))
MODELS = ("zebu", "quokka", "vicunja")
LEFT, RIGHT, EQUAL, BOTH_BAD = map(Grade, CHOICES)
PAIRS = 3 * 5


def answer(store: Store, models=MODELS, tasks=TASKS, texts=None, **changes) -> None:
    """Every text another, unless some are given: then one for each model."""
    numbers = count(len(store.progress.all()))
    for each in tasks:
        for item in items_of(each):
            rubric = rubric_record(item)
            asked = item_record(item, rubric)
            for place, name in enumerate(models):
                text = texts[place] if texts else f"answer {next(numbers)}"
                made = make.response(make.new_id(), of=make.model(name), to=asked, text=text, **changes)
                recorded = make.recorded(made, of=make.model(name), to=asked)
                store.responses.add(replace(recorded, rubric=rubric))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        answer(opened)
        yield opened


def begun(store: Store, wanted=ToJudge(), *, blind: bool = True, grader: str = "mei") -> PairSession:  # noqa: B008 - frozen
    session = PairShelf(store, TASKS, grader, blind=blind).open(wanted).session
    assert session is not None
    session.go_to(session.start())
    return session


def judge(session: PairSession, *decisions) -> list[JudgementRecord]:
    """One after another, as the session leads."""
    judged = []
    for decision in decisions:
        target = session.next()
        assert target is not None
        if target.place is not None:
            session.go_to(target.place)
        slot = session.current().slots[0].id if target.slot is None else target.slot
        judged.append(session.decide(slot, decision, Seen(seconds=2.0, in_view=2)).judgement)
    return judged


def texts(session: PairSession) -> tuple[str, ...]:
    return tuple(slot.text for slot in session.current().slots)


def test_a_sheet_has_two_answers_to_one_item_and_four_choices(store: Store) -> None:
    session = begun(store)
    assert session.progress() == Progress(0, PAIRS)
    for place in range(len(session.items)):
        sheet = session.go_to(place)
        assert [slot.label for slot in sheet.slots] == ["Left answer", "Right answer"]
        assert all(slot.known is None and slot.judgeable for slot in sheet.slots)
        assert [level.label for level in sheet.item.rubric.levels] == ["left", "right", "equal", "both bad"]
        assert all(name not in repr(sheet.slots).casefold() for name in MODELS)
        assert [level.label for level in sheet.item.standard.levels] == ["fail", "partial", "pass"]


@pytest.mark.parametrize("slot", [0, 1])
def test_a_choice_is_about_both_and_is_stored_with_who_stood_where(store: Store, slot: int) -> None:
    session = begun(store)
    for decision, label in ((LEFT, "left"), (RIGHT, "right"), (EQUAL, "equal"), (BOTH_BAD, "both bad")):
        sheet = session.current()
        left, right = texts(session)
        change = session.decide(sheet.slots[slot].id, decision, Seen(seconds=1.5, in_view=2))
        assert [each.given.level for each in session.current().slots] == [label, label]
        (row,) = store.query("SELECT * FROM tidy_preferences WHERE id = ?", [change.judgement.id])
        stood = (row["response"], row["other_response"])
        assert stood == ((left, right) if row["place"] == 1 else (right, left))
        assert row["response_id"] < row["other_response_id"]
        better = {"response": row["response"], "other": row["other_response"]}.get(row["side"], row["side"])
        assert better == {"left": left, "right": right}.get(label, label)
        assert (row["mode"], row["kind"], row["in_view"], row["occasion"]) == (
            "pairs",
            "preference",
            2,
            "first",
        )
        assert (row["blind"], row["active_seconds"], row["value"]) == (1, 1.5, None)
        assert row["prompt_hash"] == sheet.item.prompt.content_hash
        session.go_to(change.next.place)
    (rubric,) = {row["criteria"] for row in store.query("SELECT criteria FROM rubrics")}
    assert "left" not in rubric


def test_it_goes_on_where_it_was_left_and_the_next_asks_only_what_is_new(store: Store) -> None:
    first = begun(store)
    order = [texts_at(first, place) for place in range(PAIRS)]
    first.go_to(0)
    judge(first, LEFT, Skip(), EQUAL)
    again = begun(store)
    assert [texts_at(again, place) for place in range(PAIRS)] == order
    assert (again.start(), again.progress()) == (3, Progress(3, PAIRS))
    judge(again, *[RIGHT] * (PAIRS - 3))
    assert again.next() is None
    opening = PairShelf(store, TASKS, "mei", blind=True).open(ToJudge())
    assert (opening.session, opening.stored) == (None, PAIRS)
    assert PairShelf(store, TASKS, "mei", blind=True).last(ToJudge()).progress() == Progress(PAIRS, PAIRS)
    answer(store, ("late",))
    new = begun(store)
    assert new.progress() == Progress(0, PAIRS)
    assert Shelf(store, TASKS, "mei", blind=True).open(ToJudge()).session.progress().judged == 0


def texts_at(session: PairSession, place: int) -> tuple[str, ...]:
    session.go_to(place)
    return texts(session)


def test_undo_redo_notes_and_flags_are_about_the_pair_also_after_a_restart(store: Store) -> None:
    first = begun(store)
    given, skipped = judge(first, RIGHT, Skip())
    session = begun(store)
    assert session.undo().id == skipped.id
    target = session.find(skipped.subject)
    sheet = session.go_to(target.place)
    assert [slot.given for slot in sheet.slots] == [None, None]
    session.decide(sheet.slots[1].id, Note("both short"))
    session.decide(sheet.slots[0].id, Flag("look again"))
    shown = [(slot.note, slot.flag) for slot in session.current().slots]
    assert shown == [("both short", "look again")] * 2
    assert session.undo().kind == "flag"
    assert session.undo().kind == "note"
    assert session.undo().id == given.id
    assert session.redo().id == given.id
    session.go_to(session.find(given.subject).place)
    assert session.slot(0).given.level == "right"
    kinds = [(event.kind, event.level, event.standing) for event in session.events(session.slot(0).id)]
    stands = ("preference", "right", "stands")
    assert kinds == [stands, ("undo", "right", ""), ("redo", "right", "")]
    last = begun(store).last_judged()
    assert last.slot.given.level == "right"
    assert {event.subject for event in store.judgements.events()} == {given.subject, skipped.subject}


def test_the_history_has_pairs_and_the_way_to_each(store: Store) -> None:
    session = begun(store)
    judged = judge(session, LEFT, Skip(), EQUAL)
    judge(session, RIGHT)
    session.decide(session.slot(0).id, Note("nearly the same"))
    page = session.history()
    assert [entry.judged.given["overall"].level for entry in page.entries] == ["right", "equal", None, "left"]
    assert [entry.subject for entry in page.entries[1:]] == [each.subject for each in reversed(judged)]
    assert [entry.subject for entry in session.history(Filter("skipped")).entries] == [judged[1].subject]
    assert [entry.judged.note for entry in session.history(Filter(words="nearly")).entries] == [
        "nearly the same"
    ]
    assert len(session.history(Filter("open")).entries) == PAIRS - 4
    assert session.find(judged[0].subject).place == 0
    assert not any(name in repr(page).casefold() for name in MODELS)
    assert session.levels_given() == []


def test_what_is_noted_of_a_pair_is_found_at_that_pair_alone(store: Store) -> None:
    session = begun(store)
    judge(session, *[LEFT] * PAIRS)
    for place, word in enumerate(("elm", "oak", "ash")):
        session.go_to(place)
        session.decide(session.slot(0).id, Note(word))
        (found,) = session.history(Filter(words=word)).entries
        assert session.find(found.subject).place == place
    session.reveal()
    grades = Shelf(store, TASKS, "mei").open(ToJudge()).session
    for place in range(len(grades.items)):
        grades.go_to(place)
        for slot in grades.current().slots:
            grades.decide(slot.id, Grade(TASKS[0].levels[0]))
    assert grades.history(Filter(words="elm")).entries == ()


def test_what_is_judged_elsewhere_meanwhile_lets_no_other_pair_in(store: Store) -> None:
    session = begun(store, ToJudge(limit=6))
    asked = [sheet.pair for sheet in session._answers.sheets]
    judge(begun(store), *[LEFT] * 5)
    left = begun(store, ToJudge(limit=6))
    assert [sheet.pair for sheet in left._answers.sheets] == asked
    assert left.progress().judged == sum(each.ids in store.pairs.judged(left._judge.id) for each in asked)


def test_what_arrives_while_a_session_begins_is_in_it_at_once(store: Store, monkeypatch) -> None:
    begin = store.sessions.begin

    def begin_late(*args, **kwargs):
        answer(store, ("ibex",), TASKS[:1])
        return begin(*args, **kwargs)

    monkeypatch.setattr(store.sessions, "begin", begin_late)
    pairs = begun(store)
    assert list(begun(store)._answers.sheets) == list(pairs._answers.sheets)
    grades = Shelf(store, TASKS, "mei", blind=True).open(ToJudge()).session
    left = Shelf(store, TASKS, "mei", blind=True).open(ToJudge()).session
    assert grades.progress().total == left.progress().total == 3 * (3 + 2) + 2 * 3


def test_grades_of_the_same_answers_are_apart(store: Store) -> None:
    pairs = begun(store)
    judge(pairs, LEFT, BOTH_BAD)
    grades = Shelf(store, TASKS, "mei", blind=True).open(ToJudge()).session
    grades.go_to(0)
    slot = grades.current().slots[0]
    assert (grades.progress().judged, slot.given, grades.events(slot.id)) == (0, None, ())
    grades.decide(slot.id, Grade(TASKS[0].levels[0]))
    assert pairs.look_again().place == 2
    assert len(pairs.history().entries) == 2
    assert len(grades.history().entries) == 1
    assert (pairs.undo().kind, grades.undo().kind) == ("preference", "grade")


def test_identical_answers_are_passed_by_and_counted_as_equal(tmp_path: Path) -> None:
    with Store.open(tmp_path / "grades.db") as store:
        answer(store, tasks=TASKS[:1], texts=("one", "one", "two"))
        session = begun(store)
        assert session.progress() == Progress(0, 6)
        judge(session, *[LEFT] * 6)
        assert session.next() is None
        rows = list(store.query("SELECT * FROM tidy_preferences ORDER BY seq"))
        assert sum(row["identical"] for row in rows) == 3
        for row in rows:
            nobody = (row["side"], row["place"], row["shown_at"], row["active_seconds"])
            assert (nobody == ("equal", None, None, None)) == bool(row["identical"])
        ending = session.ending()
        assert (ending.graded, ending.same, ending.total, ending.is_whole) == (6, 3, 6, True)
        assert len(session.history().entries) == 6
        for _ in range(6):
            assert session.undo().place is not None
        assert session.undo() is None


def test_where_all_say_the_same_nobody_is_asked(tmp_path: Path) -> None:
    with Store.open(tmp_path / "grades.db") as store:
        answer(store, tasks=TASKS[:1], texts=("one", "one", "one"))
        opening = PairShelf(store, TASKS, "mei", blind=True).open(ToJudge())
        assert (opening.session, opening.stored) == (None, 9)
        assert (
            len(list(store.query("SELECT * FROM tidy_preferences WHERE identical AND side = 'equal'"))) == 9
        )
        PairShelf(store, TASKS, "mei", blind=True).open(ToJudge())
        assert len(store.judgements.events()) == 9
        assert store.sessions.blind(store.graders.find("mei").id) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_session_that_stops_anywhere_is_balanced_in_the_database(store: Store, seed: int) -> None:
    """Each pair of models, item and side, after every judgement, as the views have them."""
    draw = random.Random(seed)
    stop = draw.randrange(1, PAIRS + 1)
    while (session := begun(store)).progress().judged < stop:
        count = min(draw.randint(1, 4), stop - session.progress().judged)
        judge(session, *(draw.choice((LEFT, RIGHT, EQUAL, BOTH_BAD, Skip())) for _ in range(count)))
    rows = list(store.query("SELECT * FROM tidy_preferences"))
    assert len(rows) == stop
    sides = [(row["model"], row["other_model"])[:: 1 if row["place"] == 1 else -1] for row in rows]
    duels, places = Counter(map(frozenset, sides)), Counter(sides)
    for one, other in combinations(MODELS, 2):
        assert abs(duels[frozenset((one, other))] - stop / 3) < 1
        assert abs(places[one, other] - places[other, one]) <= 1
    for model in MODELS:
        left = sum(side[0] == model for side in sides)
        assert abs(2 * left - sum(model in side for side in sides)) <= 1


def test_a_decision_is_one_commit_whatever_it_passes_by_and_reads_a_few_rows(tmp_path: Path) -> None:
    with Store.open(tmp_path / "grades.db") as store:
        answer(store, tasks=TASKS[:1], texts=("one", "one", "two"))
        session = begun(store)
        judge(session, LEFT)
        for _ in range(5):
            session.go_to(session.next().place)
            with statements(store) as asked:
                session.decide(session.slot(0).id, RIGHT)
                session.take_changes()
                session.current()
                session.progress()
            assert asked.count("COMMIT") == 1
            for read in (each for each in asked if each.lstrip().startswith("SELECT")):
                plan = [row["detail"] for row in store.query(f"EXPLAIN QUERY PLAN {read}")]
                assert not [line for line in plan if line.startswith("SCAN") and "CONSTANT" not in line]


def test_a_limit_and_a_choice_of_models_are_of_pairs(store: Store) -> None:
    assert begun(store, ToJudge(limit=4)).progress() == Progress(0, 4)
    two = begun(store, ToJudge(models=MODELS[:2]), grader="kim")
    assert two.progress() == Progress(0, 5)
    opening = PairShelf(store, TASKS, "jo", blind=True).begin(ToJudge(models=MODELS[:1]))
    assert (opening.session, opening.stored) == (None, 0)


def test_at_the_end_authors_are_guessed_of_answers_that_stood_in_pairs(store: Store) -> None:
    session = begun(store)
    assert session.to_guess() == []
    (judged,) = judge(session, LEFT)
    guess = session.to_guess()
    assert {each.response_id for each in guess} == {judged.response_id, judged.other_response_id}
    session.guess(guess[0].response_id, "zebu")
    assert [each.response_id for each in session.to_guess()] == [guess[1].response_id]
    assert set(session.guessable()) == set(MODELS)


def test_an_open_session_names_models_and_a_reveal_marks_what_comes_after(store: Store) -> None:
    session = begun(store)
    judge(session, LEFT)
    with pytest.raises(UsageError, match="is blind"):
        begun(store, blind=False)
    session.reveal()
    sheet = session.go_to(0)
    assert all(slot.label.split(": ")[1].casefold() in MODELS for slot in sheet.slots)
    (later,) = judge(session, RIGHT)
    assert (later.occasion, later.blind) == ("after_reveal", False)
    assert session.history().entries[0].model.count(" · ") == 1


def test_who_is_revealed_in_a_session_of_pairs_is_known_in_later_grades(store: Store) -> None:
    pairs = begun(store)
    (judged,) = judge(pairs, LEFT)
    pairs.reveal()
    grades = Shelf(store, TASKS, "mei").open(ToJudge()).session
    for response in (judged.response_id, judged.other_response_id):
        target = grades.find(response)
        grades.go_to(target.place)
        change = grades.decide(target.slot, Grade(TASKS[0].levels[0]))
        assert change.judgement.occasion == "after_reveal"
