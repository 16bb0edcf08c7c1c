"""Whether one model is better than another is what an independent script says."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from tui.analysis.changes import changes
from tui.analysis.differences import sign_flip
from tui.analysis.intervals import SEED
from tui.analysis.naming import named
from tui.store.database import Store
from tui.store.exchange.export import export_to_path
from tui.store.figure_rows import figure_rows

from . import told
from .again.changes import changes as changes_again
from .again.numbers import sign_flip as sign_flip_again
from .again.rows import read
from .comparing import as_json, different, in_order
from .shapes import made


@pytest.mark.parametrize(
    "name", ["plain", "samples", "occasions", "kinds", "pairs", "many", "plenty", "blind"]
)
def test_so_it_is_whether_one_model_is_better(tmp_path, name):
    path = tmp_path / "grades.db"
    made(name, 5).write(path)
    with Store.open(path) as store:
        export_to_path(store, tmp_path / "all", what="all")
        rows = figure_rows(store)
    again = read(tmp_path / "all")
    one, *_, other = sorted({answer.model for answer in again.answers if not answer.known})
    known = {each[:3]: each for each in named(sorted({each[4:7] for each in rows.answers}))}
    found = as_json(changes(rows, known[one], known[other]))
    expected = told.changes(
        changes_again(again, one, other), {key: each.label for key, each in known.items()}
    )

    assert found.pop("seed") == SEED
    assert found["changes"]
    for part in ("changes", "preferences"):
        found[part] = in_order(found[part])
        expected[part] = in_order(expected[part])
    assert different(found, expected) == []


def test_the_test_is_that_of_the_script_where_its_units_have_to_be_coarse():
    chance = random.Random(1927)
    for _ in range(20):
        exact = [Fraction(chance.randint(-400, 600), chance.randint(601, 1000)) for _ in range(12)]
        assert sign_flip(np.array([float(each) for each in exact])) == pytest.approx(
            sign_flip_again(exact), abs=1e-12
        )
