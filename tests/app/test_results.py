"""The results on their screen: figures, what stays hidden, and the way to each answer."""

from __future__ import annotations

import threading

import pytest
from store.make import model, new_id, recorded, response

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.main.screen import MainScreen
from tui.app.screens.results import matrix as matrix_module
from tui.app.screens.results import screen as results_screen
from tui.app.screens.results.answer import AnswerScreen
from tui.app.screens.results.differing import DifferingList
from tui.app.screens.results.filters import FilterScreen
from tui.app.screens.results.loading import count
from tui.app.screens.results.matrix import Matrix
from tui.app.screens.results.screen import ResultsScreen
from tui.store.ids import now
from tui.store.judgement_records import JudgementRecord
from tui.store.records import ItemRecord

VALUES = {"fail": 0.0, "partial": 0.5, "pass": 1.0}
MODELS = ("falcon-40b-instruct", "mpt-7b-chat", "oasst-sft-1-pythia-12b")


def given(store, grader, level="pass", *, seconds=4.0, note=None, blind=False, of="import_id IS NOT NULL"):
    """Every printed answer, or those of another condition, graded by somebody."""
    session = store.sessions.begin(grader, mode="grade", app_version="0", seed=1, blind=False, selection="{}")
    for row in list(store.query(f"SELECT id, item_hash FROM responses WHERE {of} ORDER BY id")):
        about = {"session_id": session.id, "grader_id": session.grader_id, "response_id": row["id"]}
        about |= {"item_hash": row["item_hash"], "decided_at": now(), "app_version": "0", "blind": blind}
        store.judgements.add(
            JudgementRecord(
                id=new_id(),
                kind="grade",
                level=level,
                value=VALUES[level],
                active_seconds=seconds,
                **about,
            )
        )
        if note:
            store.judgements.add(JudgementRecord(id=new_id(), kind="note", text=note, **about))


async def opened(bench):
    """The results, after the question that is asked in the middle of a session."""
    await bench.press("t")
    await bench.until(lambda: isinstance(bench.app.screen, ConfirmScreen | ResultsScreen))
    if isinstance(bench.app.screen, ConfirmScreen):
        await bench.press("y")
    await counted(bench)


async def counted(bench):
    await bench.until(lambda: isinstance(bench.app.screen, ResultsScreen))
    await bench.until(lambda: bench.app.screen._counted and not bench.app.screen._counts)
    await bench.pilot.pause()
    matrix = bench.app.screen.query_one(Matrix)
    await bench.until(lambda: matrix.row_count or not matrix.display)


async def back(bench):
    await bench.until(lambda: isinstance(bench.app.screen, MainScreen))
    await bench.pilot.pause()


def place(bench):
    return bench.app.screen.query_one(Matrix).place


def looks(bench):
    return list(bench.store.query("SELECT looked_into, judged, planned FROM looks ORDER BY seq"))


async def judged(bench, *keys):
    for key in keys:
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press(key)


async def test_in_the_middle_of_a_session_it_asks_once_and_every_look_is_recorded(sit):
    async with sit("code-generation") as bench:
        await judged(bench, "3")
        await bench.press("t")
        await bench.shows("Look at the results now?")
        assert "You have judged 1 of " in bench.text()
        await bench.press("n")
        await back(bench)
        assert looks(bench) == []
        await opened(bench)
        await bench.press("escape")
        await back(bench)
        await bench.press("t")
        await counted(bench)
        total = bench.session.progress().total
        assert looks(bench) == [{"looked_into": "results", "judged": 1, "planned": total}]
        await bench.press("t")
        await back(bench)
        await judged(bench, "1")
        await opened(bench)
        assert [each["judged"] for each in looks(bench)] == [1, 2]


async def test_where_nothing_of_ones_own_is_judged_it_asks_and_records_nothing(sit):
    async with sit() as bench:
        await opened(bench)
        assert looks(bench) == []


async def test_while_names_are_hidden_it_says_how_far_one_is_and_no_more(sit):
    async with sit(blind=True) as bench:
        await judged(bench, "3")
        await bench.press("t")
        await bench.shows("Results come after the reveal")
        assert isinstance(bench.app.screen, MainScreen)
        assert "You have judged 1 of 30" in " ".join(bench.text().split())


async def test_what_others_gave_is_hidden_until_one_has_judged_the_answer(sit):
    async with sit() as bench:
        given(bench.store, "ada", "partial", note="because of ada")
        await opened(bench)
        assert "○ others" in bench.text()
        assert "~ partial" not in bench.text()
        assert "shown once you have judged it" in bench.text()
        wanted = place(bench).cell.response_ids[0]
        await bench.press("enter")
        await bench.until(lambda: isinstance(bench.app.screen, AnswerScreen))
        await bench.shows("2 judgements of others: shown once you have judged it")
        assert "because of ada" not in bench.text()
        await bench.press("enter")
        await back(bench)
        await bench.until(lambda: bench.screen.judging.readable)
        assert bench.slot.known.response.id == wanted
        await bench.press("3")
        await opened(bench)
        assert place(bench).cell.response_ids == (wanted, wanted)
        assert "~ 0.75 of 2" in bench.text()
        assert "2 judgements: partial, pass · mean 0.75" in bench.text()
        await bench.press("enter")
        await bench.shows("mei (you): pass (names in view)")
        assert "ada: partial (names in view)" in bench.text()
        assert "note: because of ada" in bench.text()


def _keys_to(matrix, response_id):
    """The keys from the first cell of the first item to that of an answer, wherever the cursor is."""
    rows, columns = range(matrix.row_count), range(1, len(matrix.columns))
    for row, column in ((row, column) for row in rows for column in columns):
        matrix.move_cursor(row=row, column=column)
        found = matrix.place
        if found and found.cell and response_id in found.cell.response_ids:
            matrix.move_cursor(row=0, column=1)
            return "j" * row + "l" * (column - 1)
    raise AssertionError(f"no cell has {response_id}")


async def test_what_is_judged_again_after_a_look_is_no_first_judgement(sit):
    async with sit() as bench:
        given(bench.store, "ada", "fail")
        while bench.slot.known.response.asked_otherwise:  # it is in no figure
            await bench.press("tab")
        first = bench.slot.known.response.id
        await judged(bench, "3")
        await opened(bench)
        await bench.press(*_keys_to(bench.app.screen.query_one(Matrix), first))
        assert first in place(bench).cell.response_ids
        await bench.press("r")
        await back(bench)
        assert bench.slot.known.response.id == first
        await judged(bench, "1")
        rows = bench.store.query(
            "SELECT occasion, level FROM in_force JOIN graders ON graders.id = grader_id"
            " WHERE response_id = ? AND graders.name = 'mei'",
            [first],
        )
        assert {(row["occasion"], row["level"]) for row in rows} == {
            ("first", "pass"),
            ("after_others", "fail"),
        }
        await opened(bench)
        assert first in place(bench).cell.response_ids
        assert "pass" in bench.app.screen.query_one("#said").render().plain


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])
async def test_the_matrix_has_marks_with_words_and_totals_with_intervals(sit, size):
    async with sit(size=size) as bench:
        given(bench.store, "mei", "pass")
        await opened(bench)
        text = bench.text()
        for words in (
            "✓ pass",
            "strict",
            "1.00",
            "[0.70, 1.00]",
            "├",
            "●",
            "rank",
            "1-3",
            "code-generation/1",
        ):
            assert words in text
        assert text.count("1-3") == len(MODELS)


async def test_a_newcomer_chooses_what_figures_are_of_and_by_which_measure(sit):
    async with sit() as bench:
        given(bench.store, "mei", "partial", blind=True)
        given(bench.store, "ada", "pass")
        await opened(bench)
        looked = bench.app.screen._looked
        await bench.press("v")
        assert "lenient" in bench.text()
        await bench.press("v")
        assert "mean · by overall · people · all tasks · all graders" in bench.text()
        assert "0.75" in bench.text()
        await bench.press("b")
        await counted(bench)
        assert "judged blind only" in bench.text()
        assert "0.50" in bench.text()
        assert "1-3" not in bench.text()
        await bench.press("b", "f")
        await bench.until(lambda: isinstance(bench.app.screen, FilterScreen))
        await bench.press("j")
        await bench.press("enter")
        await counted(bench)
        assert looked.kind == "report"
        assert "printed reports" in bench.text()
        await bench.press("f")
        await bench.until(lambda: isinstance(bench.app.screen, FilterScreen))
        await bench.press("j", "j", "j", "enter")
        await counted(bench)
        assert looked.filters.tasks == ("code-generation",)
        assert "extractive-qa" not in bench.text()
        await bench.press("escape")
        await back(bench)
        await opened(bench)
        assert "printed reports · code-generation" in bench.text()


async def test_the_views_have_a_key_each_and_tab_goes_through_them(sit):
    async with sit(size=(80, 24)) as bench:
        given(bench.store, "mei", "pass", seconds=12.0)
        await opened(bench)
        for key, words in (
            ("2", "share of answers with the best level"),
            ("3", "There are no figures of pairs."),
            ("4", "was graded differently"),
            ("5", "mei: 12.0 s"),
            ("tab", "✓ pass"),
            ("shift+tab", "10 to 20 s"),
        ):
            await bench.press(key)
            await bench.shows(words)
        await bench.press("2", "G")
        await bench.shows("cannot tell apart")


async def test_while_it_counts_keys_are_answered_and_it_can_be_left(sit, monkeypatch):
    goes_on = threading.Event()

    def slow(*arguments):
        goes_on.wait()
        return count(*arguments)

    monkeypatch.setattr(results_screen, "count", slow)
    async with sit() as bench:
        await bench.press("t")
        await bench.until(lambda: isinstance(bench.app.screen, ResultsScreen))
        await bench.shows("counting …")
        await bench.press("2", "v", "b", "f", "enter", "r", "question_mark", "escape", "escape")
        await back(bench)
        await judged(bench, "3")
        goes_on.set()


async def test_a_session_of_somebody_elses_that_is_blind_leaves_figures_out_and_says_so(sit):
    async with sit() as bench:
        given(bench.store, "mei", "pass")
        bench.store.sessions.begin("ada", mode="grade", app_version="0", seed=1, blind=True, selection="{}")
        await opened(bench)
        assert "Nothing can be told yet." in bench.text()
        assert "Left out is what ada judges blind" in bench.text()
        assert not any(model in bench.text() for model in MODELS)


async def test_a_session_for_practice_has_no_results(sit, monkeypatch):
    async with sit() as bench:
        assert bench.screen.check_action("results", ())
        monkeypatch.setattr(type(bench.session), "practises", True)
        assert not bench.screen.check_action("results", ())


HOSTILE = "\x1b[2J[/]\x9b31m\u202eevil\r\n[@click=app.quit]x[/] 模型 " + "w" * 60


async def test_names_of_strangers_steer_nothing_and_markup_in_them_is_text(sit):
    async with sit(size=(80, 24)) as bench:
        rows = bench.store.query("SELECT DISTINCT item_hash FROM responses WHERE import_id IS NOT NULL")
        asked = [row["item_hash"] for row in rows]
        add_answers(bench.store, asked, HOSTILE)
        given(bench.store, "mei", "pass", note=HOSTILE, of="TRUE")
        given(bench.store, f"ada {HOSTILE}", "fail", note=HOSTILE, of="TRUE")
        await opened(bench)
        for key in ("1", "2", "3", "4", "5", "1"):
            await bench.press(key)
            await bench.shows("Results")
            harmless(bench)
        for key in ("enter", "f", "question_mark"):
            await bench.press(key)
            await bench.until(lambda: len(bench.app.screen_stack) == 4)
            harmless(bench)
            await bench.press("escape")


def harmless(bench):
    assert not set(bench.text()) & set("\x1b\x9b\u202e\r")


def add_answers(store, item_hashes, name):
    """An answer of a model with this name to each of the items."""
    of = model(name)
    for hash_ in item_hashes:
        (row,) = store.query("SELECT * FROM items WHERE hash = ?", [hash_])
        asked = next(iter(store.read([row], ItemRecord, "items")))
        store.responses.add(recorded(response(new_id(), of=of, to=asked, text=name), of=of, to=asked))


async def test_of_a_storm_of_sizes_the_matrix_is_laid_out_for_the_last(sit, monkeypatch):
    async with sit(size=(120, 36)) as bench:
        given(bench.store, "mei", "pass")
        await opened(bench)
        laid_out = []
        lay_out = Matrix._lay_out

        def noted(self):
            laid_out.append(self.size.width)
            lay_out(self)

        monkeypatch.setattr(Matrix, "_lay_out", noted)
        monkeypatch.setattr(matrix_module, "SETTLED", 1.0)
        for width in range(60, 80):
            await bench.pilot.resize_terminal(width, 30)
        await bench.until(lambda: laid_out)
        assert laid_out == [79]


async def test_it_is_drawn_anew_in_another_size_and_the_cursor_stays(sit):
    async with sit(size=(120, 36)) as bench:
        given(bench.store, "mei", "pass")
        await opened(bench)
        await bench.press("j", "j", "l")
        before = place(bench)
        for size in ((80, 24), (30, 8), (200, 50), (10, 4), (80, 24)):
            await bench.pilot.resize_terminal(*size)
            await bench.pilot.pause()
            assert place(bench) == before
            for view in ("2", "3", "4", "5", "1"):
                await bench.press(view)
        assert "✓ pass" in bench.text()


async def test_four_models_fit_into_the_smallest_terminal_and_the_names_of_items_stay(sit):
    async with sit(size=(80, 24)) as bench:
        rows = bench.store.query("SELECT DISTINCT item_hash FROM responses WHERE import_id IS NOT NULL")
        asked = [row["item_hash"] for row in rows]
        for name in ("model-a", "model-b", "model-c", "model-d", "zebra"):
            add_answers(bench.store, asked, name)
        given(bench.store, "mei", "pass", of="import_id IS NULL")
        await opened(bench)
        lines = bench.text().splitlines()
        assert all(name in bench.text() for name in ("model-a", "model-b", "model-c", "model-d"))
        assert next(line for line in lines if "code-generation/1" in line).count("✓ pass") == 4
        await bench.press("l", "l", "l", "l")
        assert "zebra" in bench.text()
        assert "code-generation/1" in bench.text()


async def test_a_total_of_one_hidden_answer_is_hidden_too(sit):
    async with sit() as bench:
        (row, *_) = bench.store.query("SELECT id FROM responses WHERE import_id IS NOT NULL ORDER BY id")
        given(bench.store, "ada", "pass", of=f"id = '{row['id']}'")
        await opened(bench)
        assert bench.text().count("○ others") == 2
        assert "1.00" not in bench.text()
        await bench.press("2")
        await bench.shows("graded by others; what they gave is shown once you have judged it")
        assert "1.00" not in bench.text()


async def test_answers_that_were_graded_differently_are_walked_through(sit):
    async with sit() as bench:
        given(bench.store, "ada", "fail")
        await opened(bench)
        await bench.press("4")
        await bench.shows("No answer that you have judged was graded differently.")
        await bench.press("escape")
        await back(bench)
        await judged(bench, "3", "2", "3")
        await opened(bench)
        found = bench.app.screen.query_one(DifferingList)
        assert [each.distance for each in found._of] == [2, 2, 1]
        assert dict(found._of[0].given) == {"ada": "fail", "mei": "pass"}
        ids = [each.response_id for each in found._of]
        for place_, id_ in enumerate(ids[:2]):
            assert found.highlighted == place_
            await bench.press("r")
            await back(bench)
            await bench.until(lambda: bench.screen.judging.readable)
            assert bench.slot.known.response.id == id_
            await bench.press("1")
            await opened(bench)
            found = bench.app.screen.query_one(DifferingList)


async def test_in_the_models_that_run_here_it_opens_too(start):
    async with start(size=(80, 24)) as bench:
        await opened(bench)
        assert "Nothing is judged yet." in bench.text()
        await bench.press("escape")
        await back(bench)
        await bench.answered()
        await judged(bench, "3", "1")
        await opened(bench)
        assert "✓ pass" in bench.text()
        assert [each["judged"] for each in looks(bench)] == [2]


async def test_no_column_of_the_matrix_is_laid_out_before_there_is_room_for_it(sit, monkeypatch):
    widths = []
    add = Matrix.add_column
    monkeypatch.setattr(
        Matrix,
        "add_column",
        lambda self, *args, width, **named: widths.append(width) or add(self, *args, width=width, **named),
    )
    async with sit(size=(80, 24)) as bench:
        given(bench.store, "mei", "pass")
        await opened(bench)
        assert "code-generation/1" in bench.text()
        assert widths and min(widths) > 0
