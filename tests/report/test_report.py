"""What stands in a report, and where it leads."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest
from msgspec.structs import replace
from store import make, marks

from tui.analysis.results import Filters, results
from tui.errors import UsageError
from tui.report.report import SECTIONS
from tui.store.database import Store
from tui.store.figure_rows import figure_rows

from .reading import Page, report

MARKS = {"sure": "pppppppppp", "poor": "ffffffffff"}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


@pytest.fixture
def graded(store):
    marks.graded(store, MARKS)
    return store


def test_the_html_has_no_script_loads_nothing_and_its_policy_allows_its_own_style_alone(graded):
    text = report(graded)
    page = Page(text)
    assert {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "form"} == set()
    assert [each for each in (*page.all("src"), *page.all("href")) if not each.startswith("#")] == ["data:,"]
    assert page.all("style") == []
    (policy,) = [each["content"] for tag, each in page.tags if each.get("http-equiv")]
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert "url(" not in style


def test_every_link_leads_to_a_place_that_is_there_once(graded):
    for answers in ("all", "judged", "none"):
        page = Page(report(graded, answers=answers))
        ids = page.all("id")
        assert len(ids) == len(set(ids))
        assert {each[1:] for each in page.all("href") if each.startswith("#")} <= set(ids)
    text = report(graded, "md")
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(re.findall('<a id="([^"]+)">', text))


def test_headings_go_down_a_step_at_a_time(graded):
    headings = Page(report(graded)).headings
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


def test_every_answer_stands_beside_what_was_given_to_it(graded):
    page = Page(report(graded))
    for model in MARKS:
        for number in range(1, 11):
            assert f"\n{model} {number}" in page.texts["pre"]
    assert page.texts["td"].count("pass") >= 10
    assert "not judged" not in report(graded).lower()


@pytest.mark.parametrize("file_format", ["html", "md", "latex"])
def test_what_was_found_comes_first_with_its_interval(graded, file_format):
    text = report(graded, file_format).replace("{}", "").replace("\\[", "[").replace("\\]", "]")
    found = text.index("sure is better than poor")
    assert found < text.rindex("Tasks, guidelines and rubrics")
    assert "1.00 [0.72, 1.00" in text[found:]


def test_answers_may_be_left_out(store):
    of = marks.answers(store, {"sure": 2})
    session = marks.begun(store)
    marks.give(store, session, of, {"sure": "p."})
    store.sessions.reveal(session.id)
    assert "\nsure 2" in Page(report(store)).texts["pre"]
    judged = Page(report(store, answers="judged")).texts["pre"]
    assert "\nsure 1" in judged
    assert "\nsure 2" not in judged
    none = Page(report(store, answers="none")).texts["pre"]
    assert "\nsure 1" not in none
    assert any("code question 1" in each for each in none)


def test_a_note_and_a_later_occasion_stand_with_the_judgement(store):
    of = marks.answers(store, {"sure": 1})["sure"][0]
    session = marks.begun(store)
    names = {"session_id": session.id, "grader_id": session.grader_id}
    store.judgements.add(make.grade(of, "pass", blind=True, **names))
    store.judgements.add(make.note(of, "one slip", **names))
    store.judgements.add(make.grade(of, "fail", occasion="after_reveal", **names))
    store.sessions.reveal(session.id)
    cells = Page(report(store)).texts["td"]
    assert "one slip" in cells
    assert "after the names were shown, names known" in cells


def test_only_a_part_is_reported_of_what_is_chosen(graded):
    text = report(graded, filters=Filters(models=("sure",), prompts=("code/1",)))
    page = Page(text)
    assert "poor" not in text
    assert "\nsure 1" in page.texts["pre"]
    assert "\nsure 2" not in page.texts["pre"]
    with pytest.raises(UsageError):
        report(graded, filters=Filters(models=("nobody",)))


def test_the_command_that_computes_it_again_is_named_with_seed_and_version(graded):
    text = report(graded)
    assert "\nllm-grader export --what all -o rows\nllm-grader report" in Page(text).texts["pre"]
    assert "the seed of all draws is 2023" in text
    assert "numpy" in text


def test_what_earns_a_level_stands_with_the_task_where_it_is_the_same_for_all_items(store):
    of = marks.answers(store, {"sure": 2})
    assert "What earns each level stands with each item" not in report(store)
    own = replace(
        marks.RUBRIC, hash=make.digest("own"), criteria=marks.RUBRIC.criteria.replace("fail", "wrong")
    )
    item = replace(make.item("code", 3, "third"), rubric_hash=own.hash)
    made = make.response(make.new_id(), of=make.model("sure"), to=item)
    store.responses.add(replace(make.recorded(made, of=make.model("sure"), to=item), rubric=own))
    assert "What earns each level stands with each item" in report(store)
    assert of


def test_sections_come_in_the_order_of_the_list(graded):
    ids = [each["id"] for tag, each in Page(report(graded)).tags if tag == "section"]
    order = ["found", "asked", "answers", "figures", "compared", "agreement", "limits", "methods", "again"]
    assert [each for each in ids if each in order] == order
    assert len(SECTIONS) >= 8


def test_all_that_is_needed_to_ask_a_model_again_stands_with_it(store):
    weights = replace(make.WEIGHTS, sha256=make.digest("w"), file="some.gguf", parameters=7_000_000)
    item = marks.item(1)
    made = make.response(
        make.new_id(),
        of=make.model("sure"),
        to=item,
        weights_sha256=weights.sha256,
        sampling='{"temperature":0.8,"top_k":40}',
        template="{{ bos }}<s>",
        template_sha256=make.digest("t"),
        engine_build="b6000",
        seed=41,
        threads=4,
    )
    recorded = make.recorded(made, of=make.model("sure"), to=item, weights=weights)
    run = make.run(id=made.run_id, machine='{"processor":"some","memory":16000000000}')
    store.responses.add(replace(recorded, rubric=marks.RUBRIC, run=run))
    page = Page(report(store))
    facts = page.texts["dd"]
    assert {"some.gguf, 1 kB, 7,000,000 parameters", make.digest("w")} <= {*facts}
    assert {"temperature 0.8, top k 40", "b6000", "4 threads", "41"} <= {*facts}
    assert "verified: weights that this program read" in facts
    assert "\n{{ bos }}<s>" in page.texts["pre"]
    assert any("processor some, memory 16.00 GB" in each for each in page.texts["p"])


def test_answers_of_any_text_are_printed_as_they_are(store):
    texts = [
        "</pre><script>x</script>",
        "w" * 200,
        "中文" * 50,
        "שלום",
        "\n\nfirst\n```\n",
        "\\end{document}",
    ]
    of = {text: marks.answer(store, "sure", marks.item(place), text) for place, text in enumerate(texts, 1)}
    marks.give(store, marks.begun(store), {"sure": list(of.values())}, {"sure": "p" * len(texts)})
    for session in store.sessions.blind(store.graders.find("mei").id):
        store.sessions.reveal(session.id)
    assert {f"\n{text}" for text in texts} <= {*Page(report(store)).texts["pre"]}
    assert report(store, "latex").count("\\end{document}") == 1
    assert "\n````\n\n\nfirst\n```\n\n````\n" in report(store, "md")


def test_a_single_item_has_a_figure_and_no_interval(store):
    marks.graded(store, {"sure": "p", "poor": "f"})
    page = Page(report(store))
    assert "1.00 one item" in page.texts["td"]
    assert not any(each.startswith("1.00 [") for each in (*page.texts["td"], *page.texts["text"]))


def test_the_methods_say_what_the_database_knows_and_leave_the_rest_in_brackets(graded):
    (methods,) = [each for each in Page(report(graded)).texts["p"] if each.startswith("We asked")]
    for sentence in (
        "We asked 10 items of 1 task: Code (10) [who chose the items",
        "2 models answered (poor and sure; origin verified), with 1 sample an item",
        "Of 20 answers 0 were empty, 0 ran to their limit, 0 failed, 0 were stopped",
        "1 grader [their relation to the authors] gave 20 grades.",
        "They judged without practice, 20 of 20 times blind to the names of the models",
        "Code: graded by “overall”: “fail”",
        "Intervals are 95 %",
        "People: 1 of 1 pair of models can be told apart.",
    ):
        assert sentence in methods
    assert methods.endswith("items like them [whether they were].")


def methods_of(store, **wanted):
    return next(each for each in Page(report(store, **wanted)).texts["p"] if each.startswith("We asked"))


def test_the_methods_name_the_test_only_where_something_was_tested(graded):
    assert "sign-flip" in methods_of(graded)
    told = methods_of(graded, filters=Filters(tasks=("code",)))
    assert "sign-flip" not in told
    assert "Differences of models are exploratory, without a test." in told


def test_of_one_model_no_comparison_is_told(store):
    marks.graded(store, {"sure": "ppp"})
    assert "compared" not in methods_of(store)


def test_pairs_that_nobody_was_asked_about_are_no_judgements_of_anybody(store):
    of = {name: [marks.answer(store, name, marks.item(1), "the same")] for name in ("sure", "poor")}
    of |= {"third": [marks.answer(store, "third", marks.item(1), "another")]}
    session = marks.begun(store, mode="pairs")
    ids = sorted(each[0].id for each in of.values())
    same = {of["sure"][0].id, of["poor"][0].id}
    for one, other in ((ids[0], ids[1]), (ids[0], ids[2]), (ids[1], ids[2])):
        nobody = {one, other} == same
        first, second = (next(each[0] for each in of.values() if each[0].id == id_) for id_ in (one, other))
        told = make.grade(
            first, None, value=None, kind="preference", other_response_id=second.id, side="equal",
            session_id=session.id, grader_id=session.grader_id, blind=True, place=None if nobody else 1,
        )  # fmt: skip
        store.judgements.add(told)
    store.sessions.reveal(session.id)
    methods = methods_of(store)
    assert "gave 2 preferences" in methods
    assert "2 of 2 times blind" in methods
    assert "Answers were also judged in pairs." in methods
    assert "primary figure" not in methods


def test_of_many_pairs_of_models_the_first_are_listed_whether_any_can_be_told_apart_or_not(store):
    marks.graded(store, {f"model {number:02}": "pf" for number in range(12)})
    page = Page(report(store))
    assert any(each.startswith("Of 66 pairs of models the first 60 are listed") for each in page.texts["p"])
    assert sum("cannot tell apart" in each for each in page.texts["li"]) == 60


def by_two_of_one_name(store):
    """The ids of two graders called mei, each of whom judged other items."""
    of, other = marks.answers(store, {"sure": 3, "poor": 3}), make.new_id()
    first = marks.begun(store, blind=False)
    store.insert(
        "graders", {"id": other, "created_at": make.now(), "name": "mei", "name_key": "mei", "kind": "person"}
    )
    marks.give(store, first, of, {"sure": "pp.", "poor": "ff."})
    marks.give(store, marks.begun(store, other, blind=False), of, {"sure": "..f", "poor": "..f"})
    return first.grader_id, other


def test_two_graders_of_one_name_are_told_apart_everywhere(store):
    ids = by_two_of_one_name(store)
    one, other = (f"mei ({id_[:13]})" for id_ in ids)
    of = results(figure_rows(store), Filters()).kinds[0]
    assert set(of.graders) == {one, other}
    assert {each.grader for each in of.criteria[0].graders} == {one, other}
    page = Page(report(store))
    assert {f"{one} (a person)", f"{other} (a person)"} <= set(page.texts["h4"])


def test_a_person_with_two_ids_is_one_grader(store):
    ids = by_two_of_one_name(store)
    with store.transaction():
        store.graders.make_same(*ids)
    told = report(store)
    assert Page(told).texts["h4"].count("mei (a person)") == 1
    assert "1 grader [their relation" in methods_of(store)
