"""The report of 2023, put beside what people judge, in the table and in the document."""

from __future__ import annotations

import json

from tui import paths
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in


def imported():
    with Store.open(paths.database_file()) as store:
        import_built_in(store, REPORT, app_version="0.1.0")


def test_results_say_what_became_of_the_verdicts_where_they_are_asked_to(llm_grader):
    imported()
    code, output, _ = llm_grader("results", "--baseline", REPORT)
    assert code == 0
    assert "Beside report-2023" in output
    assert "report-2023 has 36 verdicts, and prints 30 of the answers." in output
    assert "(3) code: oasst is worst: its own verdicts do not say so" in output
    assert "Beside" not in llm_grader("results")[1]


def test_json_has_each_verdict_and_each_conclusion(llm_grader):
    imported()
    told = json.loads(llm_grader("results", "--baseline", REPORT, "--json")[1])["baseline"]
    assert len(told["verdicts"]) == 36
    assert [each["status"] for each in told["own"]].count("does not hold") == 2
    assert json.loads(llm_grader("results", "--json")[1])["baseline"] is None


def test_the_document_has_a_section_of_it(llm_grader):
    imported()
    output = llm_grader("report", "--format", "md", "--baseline", REPORT)[1]
    assert "## Against report-2023" in output
    assert output.count("| code-generation/2 | ") == 4
    assert "## Against report-2023" not in llm_grader("report", "--format", "md")[1]


def test_another_name_is_refused(llm_grader):
    code, _, error = llm_grader("results", "--baseline", "report-2024")
    assert code == 2
    assert "report-2023" in error
