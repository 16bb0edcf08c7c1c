from __future__ import annotations

import random
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tui.analysis.bradley_terry import strengths
from tui.analysis.compared import compared
from tui.analysis.naming import named
from tui.analysis.preferences import PreferenceFigures, preferences
from tui.store.figure_rows import AnswerRow, FigureRows, GraderRow, PreferenceRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.judgement_records import Side

GRADER = GraderRow("g", "mei", "person")
SIDES: tuple[Side, ...] = ("response", "other", "equal", "both bad")


def answer(model: str, item: int, **changed) -> AnswerRow:
    made = AnswerRow(
        f"{model}{item}", "qa", f"{item:03}", f"{item:03}", model, "c", "sha256:1", 1, "stop", False, 9, "",
        False,
    )  # fmt: skip
    return made._replace(**changed)


def pair(one: str, other: str, item: int, side: Side | None, **changed) -> PreferenceRow:
    made = PreferenceRow(
        f"{one}{item}", f"{other}{item}", "g", "s", "overall", "first", side, True, 1, 3.0, False, 1
    )  # fmt: skip
    return made._replace(**changed)


def figures(pairs: Iterable[PreferenceRow], answers: Iterable[AnswerRow] = ()) -> PreferenceFigures:
    """Of answers of the models a to h to nine items, but for those given."""
    there = {each.id: each for each in (answer(model, item) for model in "abcdefgh" for item in range(9))}
    there |= {each.id: each for each in answers}
    rows = FigureRows(list(there.values()), [], list(pairs), {}, {"g": GRADER}, {}, [], [], ())
    models = named(sorted({(each.model, each.config_hash, each.origin) for each in rows.answers}))
    (found,) = preferences(compared(rows, models).on("first"))
    return found


def some_pairs(models: str = "abcd", items: int = 9) -> list[PreferenceRow]:
    rnd = random.Random(5)
    return [
        pair(one, other, item, rnd.choices(SIDES, (4, 2, 1, 1))[0])
        for item in range(items)
        for one, other in combinations(models, 2)
    ]


def test_a_share_of_wins_is_the_mean_of_item_means_with_half_a_win_for_a_tie():
    found = figures(
        [
            pair("a", "b", 0, "response"),
            pair("b", "a", 0, "other", person_id="g", session_id="t"),
            pair("a", "b", 1, "other"),
            pair("a", "b", 2, "equal", identical=True, place=None),
            pair("a", "b", 3, "equal", identical=True),
            pair("a", "b", 4, "both bad"),
            pair("a", "b", 5, None),
        ]
    )
    (share,) = found.shares
    assert (share.wins, share.losses, share.equal, share.both_bad, share.identical) == (2, 1, 2, 1, 1)
    assert (share.items, share.estimate) == (5, pytest.approx((1 + 0 + 0.5 + 0.5 + 0.5) / 5))
    assert 0 < share.low < share.estimate < share.high < 1
    assert (found.judgements, found.skipped, found.items, found.both_bad) == (6, 1, 5, pytest.approx(1 / 6))
    assert (found.strengths, found.pieces) == ((), ())


def test_it_does_not_matter_which_answer_of_a_pair_has_the_smaller_id_nor_when_it_was_judged():
    given = some_pairs()
    turned = {"response": "other", "other": "response"}
    other_way = [
        each._replace(
            response_id=each.other_response_id,
            other_response_id=each.response_id,
            side=turned.get(each.side, each.side),
        )
        for each in given
    ]
    shuffled = random.Random(1).sample(given, len(given))
    assert figures(other_way) == figures(given)
    assert figures(shuffled) == figures(given)


@pytest.mark.parametrize(
    "changed",
    [
        {"finish_reason": "failed"},
        {"finish_reason": "cancelled"},
        {"asked_otherwise": True},
    ],
)
def test_a_pair_counts_only_if_both_answers_do(changed):
    whole = figures(some_pairs())
    for model in "ad":
        less = figures(some_pairs(), [answer(model, 0, **changed)])
        assert less.judgements == whole.judgements - 3


def test_a_pair_with_an_answer_that_is_not_selected_is_left_out():
    assert figures([pair("a", "b", 0, "response"), pair("a", "z", 0, "response")]).judgements == 1


def test_what_was_judged_again_or_of_one_model_alone_is_left_out():
    again = answer("a", 0, id="again", sample=2)
    found = figures(
        [
            pair("a", "b", 0, "response"),
            pair("a", "b", 1, "response", occasion="repeat"),
            pair("a", "a", 0, "response", other_response_id="again"),
        ],
        [again],
    )
    assert found.judgements == 1


def test_strengths_are_those_of_the_table_with_a_prior_item_of_ties():
    given = some_pairs()
    table = np.zeros((4, 4))
    for each in given:
        one, other = ("abcd".index(id_[0]) for id_ in (each.response_id, each.other_response_id))
        won = {"response": 1.0, "other": 0.0}.get(each.side, 0.5)
        table[one, other] += won
        table[other, one] += 1 - won
    prior = np.full((4, 4), 54 / (2 * 9 * 6))
    np.fill_diagonal(prior, 0)
    found = figures(given)
    assert [each.model for each in found.strengths] == list("abcd")
    assert [each.estimate for each in found.strengths] == pytest.approx(strengths(table + prior).tolist())
    assert all(each.low < each.estimate < each.high for each in found.strengths)


def test_a_model_is_above_another_where_draws_agree_and_else_ranks_overlap():
    won = [pair("a", other, item, "response") for other in "bcd" for item in range(9)]
    rest = [pair(one, other, item, "equal") for one, other in combinations("bcd", 2) for item in range(9)]
    ranks = [(each.rank.first, each.rank.last) for each in figures(won + rest).strengths]
    assert ranks == [(1, 1), (2, 4), (2, 4), (2, 4)]


def test_three_models_have_no_ranking_and_models_in_pieces_are_named():
    assert figures(some_pairs("abc")).strengths == ()
    found = figures(some_pairs("abcd") + some_pairs("ef"))
    assert found.pieces == (("a", "b", "c", "d"), ("e", "f"))
    assert found.strengths == ()
    assert len(found.shares) == 7


def test_only_skips_are_figures_of_nothing():
    found = figures([pair("a", "b", 0, None)])
    assert (found.judgements, found.skipped, found.shares, found.pieces) == (0, 1, (), ())
