from __future__ import annotations

import asyncio

import msgspec
import pytest
from hub_server import Turn
from terminal.hostile import ALIVE, LINE, storable
from weights.quick import model_of

from tui import paths
from tui.app.downloads import Downloads
from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.main.pane import Pane
from tui.app.screens.main.screen import MainScreen
from tui.app.screens.models.screen import ModelsScreen
from tui.app.screens.models.table import ModelTable
from tui.catalogue.model import Checkpoint, Source
from tui.conversion import converter_script
from tui.weights.events import Converting
from tui.weights.files.layout import part_size, target_of
from tui.weights.files.lock import TargetLock
from tui.weights.files.status import state_of

from .fetching import CONTENT, HELD, MODEL, SOURCE, ScriptedFetch, downloads_of, hold, is_held

NON_COMMERCIAL = msgspec.structs.replace(MODEL, licence="CC-BY-NC-SA-4.0", non_commercial=True)
ORIGINAL_ONLY = model_of(checkpoint=Checkpoint(repo="someone/original", size_gb=24.0))
SIZES = [(80, 24), (120, 36), (200, 50)]


@pytest.fixture
def held(hub):
    hold(hub)
    return hub


@pytest.fixture
def served(hub):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    return hub


async def ended(bench):
    await bench.until(lambda: not bench.context.downloads.active)


async def fetched(bench):
    await bench.press("m", "d")
    await ended(bench)
    await bench.shows("Here and verified")


async def test_a_download_runs_while_answers_are_graded_and_its_model_joins_the_desk(start, held):
    async with start(downloads=downloads_of(), size=(120, 44)) as bench:
        await bench.answered()
        await bench.press("m", "d")
        await is_held()
        await bench.shows("It goes on while you grade.")
        await bench.press("escape")
        await bench.shows("↓ some")
        await bench.press("3", "2")
        assert bench.labels() == ["pass", "partial", None, None]
        held.released.set()
        await bench.shows("some: fetched, verified. Press m twice")
        await bench.press("m")
        await bench.shows("verified")
        await bench.press("m")
        await bench.until(lambda: len(bench.screen.query(Pane)) == 5)
        await bench.shows("E Some")
        assert bench.labels() == ["pass", "partial", None, None, None]
        assert bench.board.current == 2
        await bench.answered()
        assert [answer.text for answer in bench.slots] == ["Hello"] * 5
        assert "graded 2 of 15" in bench.text()


async def test_an_answer_being_written_goes_on_when_a_model_joins(start, served):
    gate = asyncio.Event()
    async with start(lambda _: ["be", gate, "gun"], count=1, downloads=downloads_of()) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        (before,) = bench.context.live.answers(bench.session.items[0])
        await fetched(bench)
        await bench.press("escape")
        await bench.shows("B Some")
        assert bench.context.live.answers(bench.session.items[0])[0] is before
        assert bench.slots[0].phase == "writing"
        gate.set()
        await bench.until(lambda: bench.slots[0].phase == "done")
        assert [each.text for each in bench.store.responses.all()] == ["begun"]


async def test_what_is_being_read_counts_as_read_when_a_model_joins(start, served):
    async with start(count=1, downloads=downloads_of()) as bench:
        await bench.answered()
        seen = bench.board.pane.came_into_view
        await fetched(bench)
        await bench.press("escape")
        await bench.shows("B Some")
        assert bench.screen.query(Pane).first().came_into_view == seen
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("3")
        (grade,) = bench.store.judgements.events()
        assert (grade.level, grade.shown_at) == ("pass", seen.at)


async def test_with_no_model_the_first_one_fetched_is_asked(start, served):
    async with start(count=0, downloads=downloads_of()) as bench:
        await bench.shows("press m to see the models and fetch one")
        await fetched(bench)
        await bench.press("escape")
        await bench.shows("A Some")
        await bench.answered()
        await bench.press("3")
        assert bench.store.judgements.events()[0].level == "pass"


async def test_models_named_when_the_app_was_started_stay_the_only_ones(start, served):
    async with start(count=1, downloads=downloads_of(), whole_catalogue=False) as bench:
        await fetched(bench)
        await bench.press("escape")
        await bench.until(lambda: isinstance(bench.app.screen, MainScreen))
        assert len(bench.screen.query(Pane)) == 1


async def test_paused_left_and_opened_again_it_goes_on_where_it_was(start, held):
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m", "d")
        await is_held()
        await bench.press("p")
        await bench.shows("paused 39 %")
        await bench.press("escape")
        await bench.shows("↓ some paused")
        await bench.quits("q")
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m")
        await bench.shows("39 % is here. Press d to go on.")
        await bench.press("d")
        await ended(bench)
        await bench.shows("Here and verified")
    assert sum(get.sent for get in held.gets) == len(CONTENT)


async def test_p_pauses_and_goes_on(start, held):
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m", "d")
        await is_held()
        await bench.press("p")
        await bench.shows("paused 39 %")
        await bench.press("p")
        await ended(bench)
        await bench.shows("Here and verified")


async def test_quitting_while_one_is_fetched_asks_nothing_and_keeps_what_is_here(start, held):
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m", "d")
        await is_held()
        await bench.shows("Quitting keeps what is here.")
        await bench.press("escape")
        await bench.quits("q")
        lock = TargetLock(target_of(SOURCE))
        assert lock.try_now()
        lock.release()
        assert part_size(SOURCE) == HELD


async def test_cancelling_keeps_what_is_here(start, held):
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m", "d")
        await is_held()
        await bench.press("x")
        await bench.shows("what is here of it stays")
        await ended(bench)
        await bench.shows("39 % is here. Press d to go on.")
        assert part_size(SOURCE) == HELD


async def test_a_failure_is_a_line_and_d_tries_again(start, hub):
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m", "d")
        await bench.shows("failed: some: someone/some-gguf some.gguf: no such repository")
        hub.add(SOURCE.repo, SOURCE.file, CONTENT)
        await bench.press("d")
        await ended(bench)
        await bench.shows("Here and verified")


async def test_a_source_that_fails_is_said_while_the_next_one_is_fetched(start, held):
    model = model_of(Source(repo="someone/gone", file="gone.gguf"), SOURCE)
    async with start(downloads=downloads_of(model)) as bench:
        await bench.press("m", "d")
        await is_held()
        await bench.shows("someone/gone gone.gguf: no such repository")


async def test_converting_is_asked_about_with_what_it_takes(start, tmp_path, monkeypatch):
    monkeypatch.setattr(converter_script, "_PACKAGES", ())
    fetch = ScriptedFetch(tmp_path / "some.gguf", Converting("quantising", 4, 5, 0.4))
    async with start(downloads=Downloads([ORIGINAL_ONLY], fetch=fetch)) as bench:
        await bench.press("m")
        await bench.shows("No GGUF file of it is published. Press d to make one of someone/original.")
        await bench.press("d")
        await bench.shows("Convert Some?")
        assert "24.00 GB" in bench.text()
        await bench.press("n")
        assert fetch.begun == []
        await bench.press("d", "y")
        await bench.shows("converting step 4 of 5 40 %")
        await bench.shows("step 4 of 5, quantising")


async def test_without_what_converting_needs_nothing_is_asked_and_the_line_says_how_to_get_it(
    start, hub, monkeypatch
):
    monkeypatch.setattr(converter_script, "_PACKAGES", ("no_such_package",))
    async with start(downloads=downloads_of(ORIGINAL_ONLY)) as bench:
        await bench.press("m", "d")
        await bench.shows("failed: converting needs no_such_package")
        await bench.shows("pip install 'llm-grader[convert]'")
        assert hub.requests == []


async def test_a_non_commercial_licence_is_asked_about_before_anything_is_fetched(start, served):
    async with start(downloads=downloads_of(NON_COMMERCIAL)) as bench:
        await bench.press("m", "d")
        await bench.shows("Some is not for commercial use. Fetch it?")
        assert "How large its file is, only the Hub knows." in bench.text()
        assert "Its licence is CC-BY-NC-SA-4.0." in bench.text()
        assert "of disk are free" in bench.text()
        await bench.press("n")
        assert served.requests == []
        await bench.press("enter", "y")
        await ended(bench)
        await bench.shows("Here and verified")


async def test_a_licence_that_was_agreed_to_is_not_asked_about_again(start, held):
    async with start(downloads=downloads_of(NON_COMMERCIAL)) as bench:
        await bench.press("m", "d", "y")
        await is_held()
        await bench.press("x")
        await ended(bench)
        await bench.shows("39 % is here")
        await bench.press("d")
        assert not isinstance(bench.app.screen, ConfirmScreen)
        await ended(bench)
        await bench.shows("Here and verified")


async def test_a_click_on_a_row_looks_at_it_and_fetches_nothing(start, served):
    async with start(downloads=downloads_of(MODEL, model_of(SOURCE, name="other"))) as bench:
        await bench.press("m")
        await bench.pilot.click(ModelTable, offset=(3, 2))
        await bench.shows("name      other")
        assert served.requests == []


async def test_removing_asks_and_a_model_with_a_pane_says_what_is_missing(start, served):
    async with start(count=0, downloads=downloads_of()) as bench:
        await fetched(bench)
        await bench.press("escape")
        await bench.shows("A Some")
        await bench.press("m", "delete")
        await bench.shows("Remove Some?")
        assert "It has a pane" in bench.text()
        await bench.press("n")
        assert state_of(MODEL).word == "verified"
        await bench.press("delete", "y")
        await bench.shows("some: removed, 1,024 kB are free again.")
        assert state_of(MODEL).word == "absent"
        await bench.press("escape", "r")
        await bench.until(lambda: bench.slot.phase == "failed")
        assert bench.slot.error.startswith(f"{target_of(SOURCE)}: cannot be read: ")


async def test_a_model_that_is_writing_an_answer_is_not_removed(start, served):
    never = asyncio.Event()
    async with start(lambda _: ["a", never], count=0, downloads=downloads_of()) as bench:
        await fetched(bench)
        await bench.press("escape")
        await bench.shows("A Some")
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("m", "delete")
        await bench.shows("some is writing an answer: stop it first.")
        assert state_of(MODEL).word == "verified"


async def test_only_what_is_in_the_models_folder_can_be_removed(start, tmp_path):
    file = tmp_path / "mine.gguf"
    file.write_bytes(CONTENT)
    async with start(downloads=downloads_of(model_of(Source(path=str(file))))) as bench:
        await bench.press("m")
        await bench.shows("v Verify")
        assert "Remove" not in bench.text()
        await bench.press("delete")
        assert file.exists()
        assert isinstance(bench.app.screen, ModelsScreen)


async def test_verifying_reads_the_file_again_and_tells_one_that_changed(start, served):
    async with start(downloads=downloads_of()) as bench:
        await fetched(bench)
        await bench.press("v")
        await bench.shows("some: here already, verified.")
        target_of(SOURCE).write_bytes(CONTENT[:-1] + b"x")
        await bench.press("v")
        await bench.shows("failed: some: ")
        assert "broken" in bench.text()
        await bench.press("d")
        await ended(bench)
        await bench.shows("Here and verified")


async def test_names_titles_and_everything_else_of_a_catalogue_are_shown_as_text_only(start, hub):
    line = storable(LINE).replace("\x00", "")
    hostile = model_of(
        Source(repo="[bold]/[/INST]", file="[/].gguf", quantisation="[@click=app.quit]x[/]", note=line),
        title="[/INST] [@click=app.quit]x[/]",
        licence="[/] licence",
        non_commercial=True,
        note=line,
    )
    async with start(size=(200, 50), downloads=downloads_of(hostile)) as bench:
        await bench.press("m")
        await bench.shows(ALIVE)
        for text in ("[/INST] [@click=app.quit]x[/]", "[/].gguf", "[bold]/[/INST]", "[/] licence"):
            assert text in bench.text()
        await bench.press("d")
        await bench.shows("[/INST] [@click=app.quit]x[/] is not for commercial use.")
        await bench.press("y")
        await bench.shows("failed: some: [bold]/[/INST] [/].gguf:")
        assert "\x1b" not in bench.text()


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_the_states_and_what_to_press(start, held, size):
    other = model_of(
        Source(repo="someone/large", file="large.gguf", size_gb=999.0), name="large", title="Large"
    )
    async with start(size=size, downloads=downloads_of(MODEL, other)) as bench:
        await bench.press("m")
        for text in (
            "absent",
            "~999.0 GB",
            "too large",
            "d Download",
            "esc Back to grading",
            "Press d to fetch",
        ):
            await bench.shows(text)
        await bench.press("d")
        await is_held()
        await bench.press("down", "d")
        await bench.shows("queued")
        await bench.press("up")
        await bench.press("p")
        for text in ("paused 39 %", "▓▓▓", "p Pause", "x Cancel"):
            await bench.shows(text)


async def test_what_is_impossible_is_not_offered(start, served):
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m")
        await bench.shows("d Download")
        assert not [word for word in ("Pause", "Cancel", "Verify", "Remove") if word in bench.text()]
        await fetched_here(bench)
        await bench.shows("v Verify")
        assert not [word for word in ("Download", "Pause", "Cancel") if word in bench.text()]


async def fetched_here(bench):
    await bench.press("d")
    await ended(bench)
    await bench.shows("Here and verified")


async def test_the_key_can_be_changed_and_is_in_help_and_palette(start):
    async with start(size=(120, 60), keys={"models": "ctrl+d", "verify": "V"}) as bench:
        titles = [command.title for command in bench.app.get_system_commands(bench.app.screen)]
        assert titles.count("Models") == 1
        await bench.press("?")
        await bench.shows("Models: What is here of each model")
        await bench.press("escape", "ctrl+d")
        await bench.until(lambda: isinstance(bench.app.screen, ModelsScreen))
        titles = [command.title for command in bench.app.get_system_commands(bench.app.screen)]
        assert titles.count("Back to grading") == 1


@pytest.mark.parametrize("key", ["escape", "m", "q"])
async def test_each_way_back_leads_to_grading(start, key):
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m", key)
        assert isinstance(bench.app.screen, MainScreen)


async def test_a_storm_of_resizes_keeps_the_row(start):
    models = [model_of(SOURCE, name=f"m{number}", title=f"M {number}") for number in range(30)]
    async with start(downloads=downloads_of(*models)) as bench:
        await bench.press("m", *["j"] * 20)
        for width, height in [(10, 3), (200, 50), (1, 1), (99, 24), (170, 24), (80, 24)]:
            await bench.pilot.resize_terminal(width, height)
        await bench.shows("name      m20")


async def test_the_disk_folder_of_the_models_is_said(start):
    async with start(size=(200, 50), downloads=downloads_of()) as bench:
        await bench.press("m")
        await bench.shows(str(paths.models_dir()))


async def test_a_dropped_connection_is_said_while_it_waits(start, hub):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    hub.turns[:] = [Turn(stop_after=HELD), Turn(status=503, headers={"Retry-After": "50"})]
    async with start(downloads=downloads_of()) as bench:
        await bench.press("m", "d")
        await bench.shows("waiting…")
        await bench.shows("again in 50 s")
