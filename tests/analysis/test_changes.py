"""Whether one of two models is better, on the answers that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace
from store import make, marks

from tui.analysis.changes import changes
from tui.analysis.naming import named
from tui.analysis.results import Filters
from tui.store.database import Store
from tui.store.figure_rows import figure_rows
from tui.store.records import RubricRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.changes import Changes
    from tui.store.records import ResponseRecord


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


def compared(store: Store, first: str = "new", second: str = "old") -> Changes:
    rows = figure_rows(store)
    models = {each.label: each for each in named(rows.models)}
    return changes(rows, models[first], models[second])


def in_one_sitting(store: Store, **given: str) -> dict[str, list[ResponseRecord]]:
    return marks.graded(store, given)


@pytest.mark.parametrize(
    ("new", "old", "verdict"),
    [
        ("pppppp", "ffffff", "BETTER"),
        ("aaaaaa", "pppppp", "WORSE"),
        ("ppppp", "fffff", "CANNOT TELL"),
        ("aaaaaa", "ffffff", "CANNOT TELL"),
        ("pfpfpfpf", "fpfpfpfp", "CANNOT TELL"),
    ],
)
def test_the_verdict_is_that_of_the_exact_test_of_the_strict_measure(store, new, old, verdict):
    in_one_sitting(store, new=new, old=old)
    (found,) = compared(store).changes
    assert found.verdict == verdict
    assert (found.items, found.compared, found.apart) == (len(new), len(new), 0)
    assert compared(store, "old", "new").changes[0].estimate == -found.estimate


def test_six_items_that_differ_one_way_have_the_p_of_two_in_sixty_four(store):
    in_one_sitting(store, new="ppppppf", old="fffffff")
    (found,) = compared(store).changes
    assert found.p == 2 / 64
    assert (found.differing, found.estimate) == (6, 6 / 7)


def test_the_same_bytes_are_equal_whatever_they_were_given(store):
    of = {"new": [], "old": []}
    for number in range(1, 8):
        same = number > 5
        for name in of:
            text = f"{number}" if same else f"{name} {number}"
            of[name].append(marks.answer(store, name, marks.item(number), text))
    session = marks.begun(store, blind=False)
    marks.give(store, session, of, {"new": "ppppppp", "old": "fffffff"})
    found = compared(store)
    (change,) = found.changes
    assert (found.pairs, found.identical, change.compared) == (7, 2, 5)
    assert (change.items, change.differing, change.estimate) == (7, 5, 5 / 7)


def test_what_was_judged_in_different_sittings_is_counted_and_not_compared(store):
    of = marks.answers(store, {"new": 3, "old": 3})
    first, later = marks.begun(store, blind=False), marks.begun(store, blind=False)
    marks.give(store, first, of, {"old": "fff", "new": "p.."})
    marks.give(store, later, of, {"new": ".p."})
    (found,) = compared(store).changes
    assert (found.compared, found.apart, found.items) == (1, 1, 1)


def test_two_graders_are_two_sittings_and_the_mean_of_both_is_a_pairs_difference(store):
    of = marks.answers(store, {"new": 2, "old": 2})
    for grader, given in (("mei", {"new": "pp", "old": "ff"}), ("ada", {"new": "f.", "old": "f."})):
        marks.give(store, marks.begun(store, grader, blind=False), of, given)
    (found,) = compared(store).changes
    assert found.estimate == (0.5 + 1) / 2


def test_judgements_before_and_after_a_reveal_are_not_of_one_sitting(store):
    of = marks.answers(store, {"new": 1, "old": 1})
    session = marks.begun(store, blind=False)
    names = {"session_id": session.id, "grader_id": session.grader_id}
    store.judgements.add(make.grade(of["new"][0], "pass", blind=True, **names))
    store.judgements.add(make.grade(of["old"][0], "fail", value=0.0, blind=False, **names))
    (found,) = compared(store).changes
    assert (found.compared, found.apart, found.items, found.verdict) == (0, 1, 0, "CANNOT TELL")


def test_both_judged_once_more_in_one_sitting_are_compared(store):
    of = marks.answers(store, {"new": 6, "old": 6})
    for given in ({"old": "pppppp"}, {"new": "ffffff"}):
        marks.give(store, marks.begun(store, blind=False), of, given)
    assert compared(store).changes[0].apart == 6
    again = marks.begun(store, blind=False)
    marks.give(store, again, of, {"new": "pppppp", "old": "ffffff"}, occasion="repeat")
    (found,) = compared(store).changes
    assert (found.verdict, found.compared, found.apart) == ("BETTER", 6, 0)


def test_samples_are_paired_by_their_number_and_averaged_within_the_item(store):
    of = {"new": [], "old": []}
    for name in of:
        of[name] = [
            marks.answer(store, name, marks.item(number), f"{name} {number} {sample}", sample)
            for number in (1, 2)
            for sample in (1, 2)
        ]
    of["new"].append(marks.answer(store, "new", marks.item(1), "third", 3))
    session = marks.begun(store, blind=False)
    marks.give(store, session, of, {"new": "ppffp", "old": "fpff"})
    found = compared(store)
    assert found.pairs == 4
    assert (found.changes[0].items, found.changes[0].estimate) == (2, 0.25)


def test_only_what_the_filters_choose_is_compared(store):
    in_one_sitting(store, new="pppppp", old="ffffff", third="pppppp")
    rows = figure_rows(store)
    new, old, _ = named(rows.models)
    assert changes(rows, new, old, Filters(criterion="style")).changes == ()
    assert changes(rows, new, old, Filters(criterion="overall", blind_only=True)).changes[0].items == 6


def test_answers_of_others_are_no_judgement_of_two_that_say_the_same(store):
    for name in ("new", "old"):
        marks.answer(store, name, marks.item(1), "the same")
    in_one_sitting(store, third="p")
    found = compared(store)
    assert (found.identical, found.changes) == (1, ())


def test_preferences_of_the_two_stand_beside_it(store):
    of = marks.answers(store, {"new": 2, "old": 2})
    session = marks.begun(store, mode="pairs", blind=False)
    for new, old in zip(of["new"], of["old"], strict=True):
        first, second = sorted((new, old), key=lambda each: each.id)
        names = {"session_id": session.id, "grader_id": session.grader_id, "place": 1, "value": None}
        names |= {"kind": "preference", "other_response_id": second.id}
        side = "response" if first is new else "other"
        store.judgements.add(make.grade(first, None, side=side, **names))
    found = compared(store)
    assert found.changes == ()
    (wins,) = found.preferences
    assert (wins.share.first, wins.share.wins, wins.share.losses) == ("new", 2, 0)
    (turned,) = compared(store, "old", "new").preferences
    assert (turned.share.first, turned.share.wins, turned.share.losses) == ("old", 0, 2)


def test_the_same_bytes_are_equal_only_by_the_criteria_of_the_items_rubric(store):
    levels = [{"label": label, "value": value} for label, value in marks.LEVELS.values()]
    criteria = msgspec.json.encode([{"name": "style", "levels": levels}]).decode()
    other = RubricRecord(hash=make.digest("style"), criteria=criteria)
    of = {"new": [], "old": []}
    for name, given in of.items():
        weights = replace(make.WEIGHTS, sha256=make.digest(f"weights of {name}"))
        given += [marks.answer(store, name, marks.item(number), f"{name} {number}") for number in range(1, 7)]
        for number in range(7, 17):
            to, model = replace(marks.item(number), rubric_hash=other.hash), make.model(name)
            made = make.response(make.new_id(), of=model, to=to, text="same", weights_sha256=weights.sha256)
            recorded = make.recorded(made, of=model, to=to, weights=weights)
            store.responses.add(replace(recorded, rubric=other))
    marks.give(store, marks.begun(store, blind=False), of, {"new": "pppppp", "old": "ffffff"})
    found = compared(store)
    (change,) = found.changes
    assert (found.pairs, found.identical) == (16, 10)
    assert (change.items, change.estimate) == (6, 1.0)
