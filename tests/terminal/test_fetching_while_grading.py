from __future__ import annotations

import pytest
from hub_server import Turn

from terminal.escapes import foreign, last_modes
from terminal.hostile import ALIVE, MARKUP, SEQUENCES, storable
from terminal.scene import Scene, SceneModel

CONTENT = b"GGUF" + bytes(range(256)) * 4000
HELD = 400_000
SOME = SceneModel()


@pytest.fixture
def hosted(app, hub):
    """Start the app with this process' server for its Hub."""

    def start(scene, **options):
        return app(scene, environment={"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0"}, **options)

    return start


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_a_model_is_fetched_while_answers_are_graded_over_a_pause_and_a_new_start(hosted, hub, size):
    hub.add(SOME.repo, SOME.file, CONTENT)
    hub.turns[:] = [Turn(stop_after=HELD, then="hold")]
    scene = Scene(fetchable=[SOME])
    terminal = hosted(scene, size=size)
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("r")
    terminal.shows("done")
    terminal.press("m")
    terminal.shows("absent", "d Download", "esc Back to grading")
    terminal.press("d")
    hub.wait_until_sent(0, HELD)
    terminal.shows("It goes on while you grade.")
    terminal.press("m")
    terminal.shows("↓ fetchable-1")
    terminal.press("3")
    terminal.shows("graded 1 of 4")
    terminal.press("m")
    terminal.shows("p Pause")
    terminal.press("p")
    terminal.shows("paused 39 %")
    terminal.press("m")
    terminal.shows("↓ fetchable-1 paused")
    assert terminal.quits() == 0

    terminal = hosted(scene, size=size)
    terminal.shows("graded 1 of 4")
    terminal.press("m")
    terminal.shows("39 % is here. Press d to go on.")
    terminal.press("d")
    terminal.shows("Here and verified")
    terminal.press("m")
    terminal.shows("graded 1 of 5")
    assert terminal.quits() == 0
    assert sum(get.sent for get in hub.gets) == len(CONTENT)


def test_what_a_catalogue_and_the_hub_say_reaches_the_screen_as_text_only(hosted, hub):
    line = storable(" ".join((*SEQUENCES, *MARKUP, ALIVE))).replace("\x00", "")
    model = SceneModel(title=f"[/INST] {line}", repo="[bold]/[/]", file="[/].gguf", licence=line, note=line)
    terminal = hosted(Scene(fetchable=[model]), size=(200, 50))
    terminal.shows("graded 0 of 4")
    terminal.press("m")
    terminal.shows("absent", ALIVE)
    terminal.press("d")
    terminal.shows("failed: fetchable-1: ")
    terminal.press("m")
    terminal.shows("graded 0 of 4")
    assert terminal.quits() == 0
    assert foreign(terminal.raw) == []
    assert last_modes(terminal.raw)["1049"] is False
