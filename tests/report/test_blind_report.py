"""What a report tells of who wrote what while a grader is not to know it."""

from __future__ import annotations

import re

import pytest
from store import make, marks

from tui.analysis.results import Filters
from tui.catalogue.item import Item
from tui.catalogue.known_answer import KnownAnswer
from tui.catalogue.own_prompt import USUAL_LEVELS
from tui.catalogue.task import Prompt, Task
from tui.errors import UsageError
from tui.store.database import Store

from .reading import Page, report

FORMATS = ("html", "md", "latex")
EARLY, LATE = "early-bird", "late-riser"


def judged(store: Store, *, swapped: bool) -> str:
    """Two models' answers, all of one first, and a blind session over some. Swapped, each has written the
    other's. The id of the session."""
    texts = {}
    for number, name in enumerate((EARLY, LATE)):
        for place in range(4):
            text = f"text {2 * place + (number ^ swapped)}"
            texts[text] = marks.answer(store, name, marks.item(place + 1), text, sample=1)
    session = marks.begun(store)
    for text in ("text 3", "text 0", "text 1", "text 6"):
        named = {"session_id": session.id, "grader_id": session.grader_id, "blind": True}
        store.judgements.add(make.grade(texts[text], "pass", **named))
        store.judgements.add(
            make.note(
                texts[text],
                f"note on {text}",
                blind=True,
                **{k: named[k] for k in ("session_id", "grader_id")},
            )
        )
    return session.id


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_report_names_no_model_of_a_blind_session_and_says_so(tmp_path, file_format):
    with Store.open(tmp_path / "grades.db") as store:
        session = judged(store, swapped=False)
        blind = report(store, file_format)
        for name in (EARLY, LATE, make.digest(EARLY), make.digest(f"weights of {EARLY}")):
            assert name not in blind.replace("{}", "")
        assert "is blind and not revealed" in blind
        assert "text 3" in blind
        store.sessions.reveal(session)
        after = report(store, file_format).replace("{}", "")
        assert EARLY in after
        assert "not revealed" not in after


def told(text: str) -> dict[str, str]:
    """What stands with each answer, whatever their order and ids."""
    parts = re.split(r'<h5 id="answer-[^"]+">', text.partition('<section id="figures">')[0])[1:]
    return {
        re.search("text [0-9]", part)[0]: re.sub(
            "Answer [0-9]+", "", part.partition("</section>")[0].partition("</div>")[0]
        )
        for part in parts
    }


def test_it_is_the_same_report_whichever_of_two_models_wrote_which(tmp_path):
    found, rest = [], []
    for swapped in (False, True):
        with Store.open(tmp_path / f"{swapped}.db") as store:
            judged(store, swapped=swapped)
            text = report(store)
            found.append(told(text))
            rest.append(text.partition('<section id="figures">')[2])
    assert len(found[0]) == 8
    assert found[0] == found[1]
    assert rest[0] == rest[1]


def test_figures_are_of_what_no_session_hides(tmp_path):
    with Store.open(tmp_path / "grades.db") as store:
        marks.graded(store, {"sure": "pppp", "poor": "ffff"})
        other = marks.answers(store, {"sure": 2, "poor": 2}, task="other")
        session = store.sessions.begin(
            "ada", mode="grade", app_version="0", seed=2, selection='{"tasks":["other"]}', blind=True
        )
        marks.give(store, session, other, {"sure": "pp", "poor": "ff"})
        page = Page(report(store))
        names = [each for each in page.texts["h5"] if "hidden" in each]
        assert len(names) == 4
        assert "8 judgements of 4 items" in report(store)
        with pytest.raises(UsageError, match="would tell who wrote"):
            report(store, filters=Filters(models=("sure",)))


def facts(text: str) -> list[str]:
    return re.findall("<dt>Judgements</dt><dd><bdi>([^<]*)</bdi></dd>", text)


def test_the_same_judgements_are_counted_whether_another_session_is_blind_or_not(tmp_path):
    """Of the models that are named, and no controls."""
    prompt = Prompt(number=1, title="Sum", text="1 + 1?", controls=(KnownAnswer(text="11", level="fail"),))
    task = Item(Task(name="sums", title="Sums", levels=USUAL_LEVELS), prompt)
    with Store.open(tmp_path / "grades.db") as store:
        of = marks.graded(store, {"sure": "pppp", "poor": "ffff"})
        for known in store.known_answers.put([task]):
            session = marks.begun(store, blind=False)
            control = store.responses.get(known.listed.id)
            store.judgements.add(
                make.grade(control, "fail", session_id=session.id, grader_id=session.grader_id, value=0.0)
            )
        every, named = Filters(), Filters(tasks=("code",), models=("sure",))
        before = [facts(report(store, filters=filters)) for filters in (every, named)]
        assert before == [["8 grades"], ["4 grades"]]
        marks.answers(store, {"sure": 1, "poor": 1}, task="other")
        blind = {"mode": "grade", "app_version": "0", "seed": 2, "blind": True}
        store.sessions.begin("ada", selection='{"tasks":["other"]}', **blind)
        assert [facts(report(store, filters=filters)) for filters in (every, named)] == before
        store.sessions.begin("ada", selection='{"tasks":["sums"]}', **blind)
        assert facts(report(store)) == before[0]
    assert of
