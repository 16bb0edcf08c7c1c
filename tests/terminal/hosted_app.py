"""The real app on a scripted engine, started by the tests in a terminal of their own.

python -m terminal.hosted_app SCENE.json DATABASE
"""

from __future__ import annotations

import sys
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from making import LEVELS, runnable_models

from terminal.scene import Answer, Scene
from tui.app.app import GraderApp
from tui.app.context import LiveContext, Opened, live_context
from tui.app.downloads import Downloads
from tui.app.screens.main import looking
from tui.catalogue.model import Model, Source
from tui.catalogue.rubric import Level
from tui.catalogue.task import Prompt, Task
from tui.engines.events import Finished
from tui.engines.scripted import FACTS, Script, ScriptedEngine
from tui.generation.live import LiveResponses
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from tui.engines.base import EngineEvent
    from tui.engines.request import Request


def main(scene_file: str, database: str) -> None:
    # What is copied in a test must not land in the clipboard of whoever runs it.
    looking.copy_to_system = lambda _: False
    scene = msgspec.json.decode(Path(scene_file).read_bytes(), type=Scene)
    with Store.open(Path(database)) as store:
        context = _context(scene, store, Path(scene_file).parent)
        app = GraderApp(
            lambda: Opened(context, theme=scene.theme), grace_seconds=-inf
        )  # a test presses keys as soon as it has read a frame, before the app has noted that it is out
        app.run()
    sys.exit(app.return_code)


class CrashingEngine(ScriptedEngine):
    """One whose answers may end with a crash of their worker."""

    logs: Mapping[str, str] = {}
    """Of crashes, by their errors."""

    async def _events(self, request: Request, script: Script) -> AsyncGenerator[EngineEvent, None]:
        async for event in super()._events(request, script):
            if isinstance(event, Finished) and event.error in self.logs:
                event = msgspec.structs.replace(event, log=self.logs[event.error])
            yield event


def _context(scene: Scene, store: Store, folder: Path) -> LiveContext:
    made = runnable_models(folder, len(scene.titles), scene.file, licence=scene.licence)
    names = scene.names or [each.model.name for each in made]
    named = [
        replace(runnable, model=msgspec.structs.replace(runnable.model, title=title, name=name))
        for runnable, title, name in zip(made, scene.titles, names, strict=True)
    ]
    engine = CrashingEngine(
        lambda request: _script(scene.answers[min(int(request.system), len(scene.answers)) - 1]),
        facts=msgspec.structs.replace(FACTS, warnings=tuple(scene.warnings)),
    )
    engine.logs = {each.error: each.log for each in scene.answers if each.log}
    return live_context(
        title=f"llm-grader · grader: {scene.grader}",
        tasks=(_task(scene),),
        store=store,
        live=LiveResponses(runnable_models=named, store=store, engine=engine),
        grader=scene.grader,
        downloads=Downloads(_fetchable(scene)),
        problems=tuple(scene.problems),
        whole_catalogue=True,
    )


def _fetchable(scene: Scene) -> list[Model]:
    return [
        Model(
            name=f"fetchable-{number}",
            title=each.title,
            licence=each.licence,
            note=each.note,
            sources=(Source(repo=each.repo, file=each.file),),
        )
        for number, each in enumerate(scene.fetchable, 1)
    ]


def _task(scene: Scene) -> Task:
    best = LEVELS[-1]
    levels = (
        *LEVELS[:-1],
        Level(label=best.label, key=best.key, value=best.value, anchor=scene.anchor),
    )
    prompts = tuple(
        Prompt(number=number, **msgspec.structs.asdict(prompt))
        for number, prompt in enumerate(scene.prompts, 1)
    )
    return Task(name="code", title=scene.task_title, levels=levels, prompts=prompts)


def _script(answer: Answer) -> Script:
    step = [step for delta in answer.deltas for step in (delta, answer.pause)]
    if not answer.pause:
        step = list(answer.deltas)
    steps = step * answer.times + ([1e9] if answer.endless else [])
    return Script(steps, error=answer.error)


if __name__ == "__main__":
    main(*sys.argv[1:])
