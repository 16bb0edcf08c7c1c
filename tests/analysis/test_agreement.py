"""Agreement of graders, and what they disagree on."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from tui.analysis.agreement import agreement
from tui.analysis.coefficients import alpha, ordinal_distances
from tui.analysis.disagreements import disagreements
from tui.analysis.judged import judged

from .given import LEVELS, answer, grade, rows

if TYPE_CHECKING:
    from tui.analysis.agreement import Agreement
    from tui.analysis.disagreements import Disagreement
    from tui.store.figure_rows import FigureRows, GradeRow
    from tui.store.judgement_records import GraderKind


def agreed(of: FigureRows, kind: GraderKind = "person") -> list[Agreement]:
    return list(agreement(judged(of), kind))


def side_by_side(*columns: str, graders: str = "abcdefgh", **changes: Any) -> FigureRows:
    """Levels 0 to 2 by each grader of answers of which each is to another item; `.` is no grade."""
    answers = [answer(f"{place}", place) for place in range(len(columns[0]))]
    return rows(
        answers,
        [
            grade(each, grader, int(level))
            for grader, column in zip(graders, columns, strict=False)
            for each, level in zip(answers, column, strict=True)
            if level != "."
        ],
        **changes,
    )


def test_two_graders():
    (found,) = agreed(side_by_side("22221000122201222", "2221100012220120."))
    assert (found.between, found.graders, found.criterion) == ("graders", ("a", "b"), "overall")
    assert found.levels == LEVELS
    assert (found.answers, found.items, found.same) == (16, 16, 14)
    assert found.raw == 14 / 16
    assert found.low < found.raw < found.high < 1
    assert found.table == ((8, 0, 1), (0, 6, 1), (1, 1, 14))
    assert found.coefficient is not None
    assert found.coefficient.name == "alpha"
    table = np.array(found.table)
    assert found.coefficient.estimate == pytest.approx(float(alpha(table, ordinal_distances(table))))
    assert found.coefficient.low < found.coefficient.estimate < found.coefficient.high
    assert found.coefficient.is_tentative
    assert found.why_none == ""


def test_the_interval_is_that_of_the_recipe_in_the_docs():
    columns = "2222100012220122", "2221100012220120"
    (found,) = agreed(side_by_side(*columns))
    tables = np.zeros((16, 3, 3))
    for table, a, b in zip(tables, *columns, strict=True):
        table[int(a), int(b)] += 1
        table[int(b), int(a)] += 1
    rng = np.random.Generator(np.random.PCG64(2023))
    items = rng.standard_exponential(size=(10_000, 16))
    prior = rng.standard_gamma(1 / 9, size=(10_000, 9))
    outcomes = np.zeros((9, 3, 3))
    for cell, (a, b) in enumerate((a, b) for a in range(3) for b in range(3)):
        outcomes[cell, a, b] += tables.sum() / 16 / 2
        outcomes[cell, b, a] += tables.sum() / 16 / 2
    scale = 17 / (items.sum(axis=1) + prior.sum(axis=1))
    draws = np.tensordot(items, tables, 1) + np.tensordot(prior, outcomes, 1)
    draws *= scale[:, None, None]
    same = np.trace(draws, axis1=1, axis2=2) / draws.sum(axis=(1, 2))
    assert [found.low, found.high] == pytest.approx(np.quantile(same, [0.025, 0.975]).tolist())
    assert found.coefficient is not None
    beyond = alpha(draws, ordinal_distances(draws))
    ends = np.quantile(beyond, [0.025, 0.975]).tolist()
    assert [found.coefficient.low, found.coefficient.high] == pytest.approx(ends)


def test_answers_of_one_item_are_one_item():
    answers = [answer(f"{place}", place // 6) for place in range(24)]
    given = [
        grade(each, name, (n + (name == "b" and n % 5 == 0)) % 3)
        for n, each in enumerate(answers)
        for name in "ab"
    ]
    (clustered,) = agreed(rows(answers, given))
    assert (clustered.answers, clustered.items) == (24, 4)
    apart = [each._replace(prompt_hash=f"{n:03}", item_hash=f"item {n:03}") for n, each in enumerate(answers)]
    moved = [each._replace(item_hash=f"item {int(each.response_id):03}") for each in given]
    (alone,) = agreed(rows(apart, moved))
    assert alone.raw == clustered.raw
    assert alone.high - alone.low < clustered.high - clustered.low


def test_under_ten_answers_there_is_no_coefficient():
    (found,) = agreed(side_by_side("222110012", "222110011"))
    assert (found.answers, found.coefficient, found.why_none) == (9, None, "under 10 answers")


@pytest.mark.parametrize(("answers", "tentative"), [(10, True), (29, True), (30, False)])
def test_a_coefficient_is_tentative_up_to_29_answers(answers, tentative):
    (found,) = agreed(side_by_side(("012" * 10)[:answers], ("012" * 10)[:answers]))
    assert found.coefficient is not None
    assert found.coefficient.is_tentative is tentative
    assert (found.raw, found.high, found.coefficient.estimate, found.coefficient.high) == (1, 1, 1, 1)


def test_there_is_no_coefficient_where_nobody_varied():
    (found,) = agreed(side_by_side("2" * 40, "2" * 40))
    assert (found.raw, found.coefficient, found.why_none) == (1, None, "nobody varied")
    assert found.high == 1
    assert 0.85 < found.low < 1


def test_nothing_in_common_has_a_lower_end_of_0():
    (found,) = agreed(side_by_side("01201201201", "12012012012"))
    assert (found.raw, found.low) == (0, 0)
    assert 0 < found.high < 0.5


@pytest.mark.parametrize(("column", "name"), [("2" * 13 + "0000", "alpha"), ("2" * 14 + "000", "AC2")])
def test_ac2_is_for_grades_of_which_85_percent_are_one_level(column, name):
    """28 and 29 of 34 grades: 82 and 85 %."""
    (found,) = agreed(side_by_side(column, "2" * 15 + "00"))
    assert found.coefficient is not None
    assert found.coefficient.name == name


def test_three_graders_have_each_two_beside_them():
    found = agreed(side_by_side("222210001222", "2221100012.0", "2.1110201202"))
    assert [(each.between, each.graders) for each in found] == [
        ("graders", ("a", "b", "c")), ("pair", ("a", "b")), ("pair", ("a", "c")), ("pair", ("b", "c")),
    ]  # fmt: skip
    assert [each.answers for each in found] == [12, 11, 11, 10]
    assert found[0].same == 7
    (alone,) = agreed(side_by_side("222210001222", "2221100012.0"))
    pair = found[1]
    assert (pair.raw, pair.coefficient) == (alone.raw, None)
    assert (pair.low, pair.high) == pytest.approx((alone.low, alone.high))
    assert pair.table == ((3, 0, 0), (0, 2, 0), (1, 1, 4))


def test_one_grader_agrees_with_nobody():
    assert agreed(side_by_side("2101012")) == []


def test_a_skip_is_no_grade():
    of = side_by_side("2222100012", "2221100012")
    skipped = [each._replace(level=None) if each.response_id == "3" else each for each in of.grades]
    (found,) = agreed(of._replace(grades=skipped))
    assert (found.answers, found.raw) == (9, 1)


def test_answers_to_another_question_are_kept():
    of = side_by_side("2222100012", "2221100012")
    others = [each._replace(asked_otherwise=True) for each in of.answers]
    assert agreed(of._replace(answers=others)) == agreed(of)


def test_each_criterion_and_each_scale_has_its_own():
    of = side_by_side("2222100012", "2221100012")
    style = [each._replace(criterion="style") for each in of.grades]
    items = {
        hash_: each._replace(rubric_hash="s" if hash_ > "item 005" else "r")
        for hash_, each in of.items.items()
    }
    scales = of.scales | {("s", name): of.scales["r", name][::2] for name in ("overall", "style")}
    graded = [
        each._replace(level="pass") if each.item_hash > "item 005" else each for each in of.grades + style
    ]
    found = agreed(of._replace(grades=graded, items=items, scales=scales))
    assert [(each.criterion, each.levels, each.answers) for each in found] == [
        ("overall", ("fail", "partial", "pass"), 6), ("overall", ("fail", "pass"), 4),
        ("style", ("fail", "partial", "pass"), 6), ("style", ("fail", "pass"), 4),
    ]  # fmt: skip


def repeated(count: int, level: int = 1) -> FigureRows:
    """Of a grader who the second time gave every third answer the level."""
    answers = [answer(f"{place:03}", place) for place in range(count)]
    first = [grade(each, "a", place % 2) for place, each in enumerate(answers)]
    again = [
        grade(each, "a", level if place % 3 == 0 else place % 2, occasion="repeat")
        for place, each in enumerate(answers)
    ]
    return rows(answers, first + again)


def test_with_oneself_only_raw_up_to_199_answers():
    (found,) = agreed(repeated(199))
    assert (found.between, found.graders, found.answers) == ("oneself", ("a",), 199)
    assert (found.coefficient, found.why_none) == (None, "under 200 answers")
    assert found.table == ((66, 34, 0), (0, 99, 0), (0, 0, 0))
    (more,) = agreed(repeated(200))
    assert more.coefficient is not None
    assert more.coefficient.is_tentative is False


def test_with_oneself_are_only_repeats_that_were_blind():
    of = repeated(12)
    seen = [each._replace(blind=each.occasion == "first" or each.response_id != "000") for each in of.grades]
    (found,) = agreed(of._replace(grades=seen))
    assert found.answers == 11
    later = [
        each._replace(occasion="after_others") if each.occasion == "repeat" else each for each in of.grades
    ]
    assert agreed(of._replace(grades=later)) == []


def test_each_person_beside_each_report():
    of = side_by_side("2222100012", "2221100012", "222110.012", reports=("c",))
    people = agreed(of)
    assert [(each.between, each.graders) for each in people] == [
        ("graders", ("a", "b")), ("report", ("a", "c")), ("report", ("b", "c")),
    ]  # fmt: skip
    beside = people[1]
    assert (beside.answers, beside.raw, beside.why_none) == (9, 8 / 9, "under 10 answers")
    assert beside.table == ((2, 0, 0), (0, 2, 0), (0, 1, 4))
    assert agreed(of, "report") == []


levels = st.lists(st.text("012.", min_size=12, max_size=12), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None)
@given_any(levels, st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(columns, lot):
    of = side_by_side(*columns)
    grades: list[GradeRow] = list(of.grades)
    lot.shuffle(grades)
    seqs = random.Random(1).sample(range(1000), len(grades))
    shuffled = of._replace(grades=[each._replace(seq=seq) for each, seq in zip(grades, seqs, strict=True)])
    assert agreed(shuffled) == agreed(of)
    assert differing(shuffled) == differing(of)


@settings(max_examples=25, deadline=None)
@given_any(levels)
def test_whatever_was_graded_the_figures_are_in_their_bounds(columns):
    for each in agreed(side_by_side(*columns)):
        assert 0 <= each.low <= each.raw <= each.high <= 1
        assert each.same <= each.answers
        if each.coefficient:
            assert each.coefficient.low <= each.coefficient.high <= 1
            assert each.coefficient.estimate <= 1


def differing(of: FigureRows) -> list[Disagreement]:
    return disagreements(judged(of).of_kind("person"))


def test_disagreements_have_the_farthest_apart_first():
    found = differing(side_by_side("0120", "0211", "00..", "2222", graders="abcr", reports=("r",)))
    assert [(each.response_id, each.distance) for each in found] == [("1", 2), ("2", 1), ("3", 1)]
    assert found[0].given == (("a", "partial"), ("b", "pass"), ("c", "fail"))
    assert (found[0].item, found[0].model, found[0].criterion) == ("qa/1", "m", "overall")
    assert found[1].given == (("a", "pass"), ("b", "partial"))
