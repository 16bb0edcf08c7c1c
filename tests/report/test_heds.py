"""The datasheet: what its form reads, and what the database answers of it."""

from __future__ import annotations

import hashlib
import io
import json

import msgspec
import pytest
from msgspec.structs import replace
from store import make, marks

from tui.analysis.results import Filters
from tui.report.agreement_words import agreement
from tui.report.heds.by_hand import ByHand
from tui.report.heds.criteria import criteria
from tui.report.heds.datasheet import MANY, as_form, datasheet, write_form
from tui.report.heds.form import questions
from tui.report.material import material
from tui.store.database import Store

from .reading import CIRCUMSTANCES, Page, report
from .test_blind_report import EARLY, LATE, judged

OF_THE_FORM = "9ad3645114cecd9abf6523bcd00a48c334add800ae0c87e23a80519ad2427ac0"
"""sha256 of the elements of the public form, as it was when its page took our answers without an error: of a
line for each, sorted, with its id, a tab, and the value of those that are options."""


def elements() -> dict[str, str]:
    made = {MANY: ""}
    for each in questions().values():
        made |= {f"{each.id}-{option.place}": option.value for option in each.choices}
        made[f"{each.id}-other_text" if each.options else each.id] = ""
    return made


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


def sheet_of(store: Store, by_hand: ByHand | None = None, **filters: object):
    return datasheet(material(store, Filters(**filters), CIRCUMSTANCES, seed=2023, by_hand=by_hand))


def told(store: Store, number: str, criterion: str = "") -> str:
    (found,) = [
        each
        for each in sheet_of(store).entries
        if (each.question.number, each.criterion) == (number, criterion)
    ]
    return "; ".join(found.answer.written) if found.answer else "open"


def test_the_questions_are_those_of_the_form_each_with_its_elements_and_options():
    lines = "\n".join(sorted("\t".join(each) for each in elements().items()))
    assert hashlib.sha256(lines.encode()).hexdigest() == OF_THE_FORM
    assert len(questions()) == 62


def test_every_label_and_number_finds_its_own_option():
    for each in questions().values():
        for option in each.choices:
            for name in (option.label, option.number, option.value):
                (pick,) = each.answer(name).picks
                assert pick.option == option


def test_the_json_has_elements_of_the_form_in_the_shape_that_its_page_stores(store):
    marks.graded(store, {"sure": "pppp", "poor": "ffff"})
    form = as_form(sheet_of(store))
    known = elements()
    assert set(form) <= set(known)
    assert form[MANY]["control"] == {"overall": True}
    for id_, element in form.items():
        assert {"data", "control", "number"} <= set(element)
        if value := known[id_]:
            assert all(
                element["text"][key] == (value if is_chosen is True else "")
                for key, is_chosen in element["data"].items()
            )
    chosen = [id_ for id_ in form if form[id_]["data"].get("overall") is True]
    assert "heds-criteria-criterion-evaluation_mode-absolute_or_relative-1" in chosen
    assert form["heds-sample_evaluators_design-evaluators-number_of_evaluators"]["data"] == {"": "1"}
    assert form["heds-sample_evaluators_design-sample-number_of_system_outputs"]["data"] == {"": "4"}


def test_numbers_of_outputs_and_people_are_those_of_what_people_judged(store):
    of = marks.answers(store, {"sure": 4, "poor": 4})
    for grader, given in (
        ("mei", {"sure": "pp..", "poor": "f..."}),
        ("Jürgen", {"sure": "..p.", "poor": "f..."}),
    ):
        session = marks.begun(store, grader)
        marks.give(store, session, of, given)
        store.sessions.reveal(session.id)
    assert told(store, "3.1.1") == "poor 1, sure 3"
    assert told(store, "3.2.1") == "2"


def test_agreement_is_told_as_everywhere_and_where_there_is_none_in_the_words_of_the_form(store):
    of = marks.graded(store, {"sure": "ppppppppaf", "poor": "ffffffffap"})
    assert told(store, "4.3.11.1", "overall") == told(store, "4.3.11.2", "overall") == "InterAA not assessed"
    other = marks.begun(store, "Jürgen")
    marks.give(store, other, of, {"sure": "pppppppppf", "poor": "ffffffffff"})
    store.sessions.reveal(other.id)
    (kind,) = material(store, Filters(), CIRCUMSTANCES, seed=2023).results.kinds
    (between,) = kind.agreement
    assert told(store, "4.3.11.2", "overall") == agreement(between)
    assert "alpha" in told(store, "4.3.11.1", "overall")
    assert told(store, "4.3.12.2", "overall") == "IntraAA not assessed"


def test_scales_with_one_name_are_criteria_of_their_own_and_pairs_are_another(store):
    marks.graded(store, {"sure": "pp", "poor": "ff"})
    levels = marks.RUBRIC.criteria.replace("partial", "half")
    rubric = replace(marks.RUBRIC, hash=make.digest("own"), criteria=levels)
    item = replace(marks.item(1, "talk"), rubric_hash=rubric.hash)
    made = [
        make.response(make.new_id(), of=make.model(name), to=item, text=name) for name in ("sure", "poor")
    ]
    session = marks.begun(store, "mei", mode="pairs")
    names = {"session_id": session.id, "grader_id": session.grader_id}
    for each, name in zip(made, ("sure", "poor"), strict=True):
        store.responses.add(replace(make.recorded(each, of=make.model(name), to=item), rubric=rubric))
        store.judgements.add(make.grade(each, "pass", **names))
    first, second = sorted(made, key=lambda each: each.id)
    preferred = {"kind": "preference", "other_response_id": second.id, "side": "equal", "value": None}
    store.judgements.add(make.grade(first, None, **names | preferred))
    store.sessions.reveal(session.id)
    assert sheet_of(store).criteria == ("overall (code)", "overall (talk)", "overall in pairs")
    *_, pairs = criteria(material(store, Filters(), CIRCUMSTANCES, seed=2023))
    assert [each.item.name for each in pairs.items] == ["talk/1"]
    assert "half" in told(store, "4.3.4", "overall (talk)")
    assert told(store, "4.2.2", "overall in pairs") == "Relative"
    assert told(store, "4.3.7", "overall in pairs").startswith("Which answer is better?")


def test_what_a_person_wrote_comes_first_and_the_rest_is_marked_open(store):
    marks.graded(store, {"sure": "pppp", "poor": "ffff"})
    by_hand = ByHand(
        {("", "2.1"): questions()["2.1"].answer("8"), ("", "3.2.3"): questions()["3.2.3"].answer("friends")}
    )
    sheet = sheet_of(store, by_hand)
    by = {each.question.number: each.by for each in sheet.entries}
    assert (by["2.1"], by["3.2.3"], by["2.2"], by["5.1"]) == ("person", "person", "database", "")
    form = as_form(sheet)
    assert form["heds-system-input_types-8"]["data"] == {"": True}
    assert form["heds-system-input_types-9"]["data"] == {"": False}
    assert "heds-ethics-review_body" not in form


def test_answers_about_a_criterion_that_is_not_there_are_named(store):
    marks.graded(store, {"sure": "pppp", "poor": "ffff"})
    by_hand = ByHand({("overal", "4.1.1"): questions()["4.1.1"].answer("Goodness")})
    assert "Answers about “overal” are left out" in report(store, by_hand=by_hand)


@pytest.mark.parametrize("file_format", ["html", "md", "latex"])
def test_the_document_has_every_question_with_its_answer_or_open(store, file_format):
    marks.graded(store, {"sure": "pppp", "poor": "ffff"})
    by_hand = ByHand({("", "3.2.3"): questions()["3.2.3"].answer("<script>alert(1)</script>")})
    text = report(store, file_format, by_hand=by_hand)
    sheet = text[text.rindex("Datasheet (HEDS 3.0)") :]
    plain = sheet.replace("\\", "").replace("{}", "")
    assert [each for each in questions() if each not in plain] == []
    assert plain.count("open") >= 40
    if file_format == "html":
        assert "script" not in {tag for tag, _ in Page(text).tags}


def test_before_the_reveal_it_names_no_author_and_is_the_same_whoever_wrote_what(tmp_path):
    written = []
    for swapped in (False, True):
        with Store.open(tmp_path / f"{swapped}.db") as store:
            session = judged(store, swapped=swapped)
            stream = io.StringIO()
            write_form(material(store, Filters(), CIRCUMSTANCES, seed=2023), stream)
            written.append(stream.getvalue())
            assert told(store, "3.1.1") == "open"
            store.sessions.reveal(session)
            assert told(store, "3.1.1") != "open"
    assert written[0] == written[1]
    assert EARLY not in written[0]
    assert LATE not in written[0]


def test_the_name_of_a_criterion_is_no_markup_for_the_page_of_the_form(store):
    name = '<img src=x onerror="alert(1)"> & more'
    named = msgspec.json.decode(marks.RUBRIC.criteria)
    named[0]["name"] = name
    rubric = replace(marks.RUBRIC, hash=make.digest("odd"), criteria=msgspec.json.encode(named).decode())
    item = replace(marks.item(1), rubric_hash=rubric.hash)
    made = make.response(make.new_id(), of=make.model("sure"), to=item)
    store.responses.add(replace(make.recorded(made, of=make.model("sure"), to=item), rubric=rubric))
    session = marks.begun(store)
    names = {"session_id": session.id, "grader_id": session.grader_id, "criterion": name}
    store.judgements.add(make.grade(made, "pass", **names))
    store.sessions.reveal(session.id)
    form = as_form(sheet_of(store))
    (key,) = form[MANY]["control"]
    assert not set("<>&") & set(key)
    assert form["heds-criteria-criterion-response_elicitation-size_of_scale"]["data"] == {key: "3"}
    assert json.loads(json.dumps(form)) == form
