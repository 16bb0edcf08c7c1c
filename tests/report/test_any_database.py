"""A report can be written of whatever a database holds."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from analysis.shapes import SHAPES, made

from tui.analysis.results import Filters
from tui.report.material import material
from tui.store.database import Store

from .reading import CIRCUMSTANCES, Page, written


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_of_any_database_holds_together(tmp_path, shape):
    path = tmp_path / "grades.db"
    made(shape, 1).write(path)
    with Store.open(path) as store:
        of = material(store, Filters(), CIRCUMSTANCES, seed=2023)
        page, judged = (Page(written(replace(of, answers=which))) for which in ("all", "judged"))
        markdown, latex = written(of, "md"), written(of, "latex")
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    for each in (page, judged):
        links = {href[1:] for href in each.all("href") if href.startswith("#")}
        assert links <= {*each.all("id")}
    anchors = re.findall('<a id="([^"]+)">', markdown)
    assert {*re.findall(r"\]\(#([\w-]+)\)", markdown)} <= {*anchors}
    assert latex.count("\\begin{") == latex.count("\\end{")
    assert not any(sign in page.texts["main"][0] for sign in (" nan", "None", "frozenset"))
