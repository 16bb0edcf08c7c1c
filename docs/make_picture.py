"""Make docs/main-screen.svg from the running app: the demo, one prompt answered by the real small model.

python docs/make_picture.py
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

SIZE = (120, 34)
TARGET = Path(__file__).parent / "main-screen.svg"


async def make_picture() -> str:
    from tui import paths
    from tui.app.app import GraderApp
    from tui.app.context import Opened, live_context
    from tui.app.downloads import Downloads
    from tui.app.screens.main.screen import MainScreen
    from tui.catalogue.catalogue import load_catalogue
    from tui.engines.llama.engine import LlamaEngine
    from tui.generation.live import LiveResponses
    from tui.generation.selection import find_runnable
    from tui.store.database import Store

    catalogue = load_catalogue(demo=True)
    runnable_models, _ = find_runnable(catalogue.models)
    with Store.open(paths.database_file()) as store:
        live = LiveResponses(runnable_models=runnable_models, store=store, engine=LlamaEngine())
        context = live_context(
            title="llm-grader · demo · grader: mei",
            tasks=catalogue.tasks,
            store=store,
            live=live,
            grader="mei",
            downloads=Downloads(catalogue.models),
        )
        app = GraderApp(lambda: Opened(context, theme="textual-dark"), grace_seconds=0)
        async with app.run_test(size=SIZE) as pilot:
            while not isinstance(app.screen, MainScreen):
                await pilot.pause(0.1)
            await pilot.press("r")
            while live.busy:
                await pilot.pause(0.1)
            await pilot.pause(0.5)
            await pilot.press("3")
            await pilot.pause(0.5)  # what comes faster is no person
            await pilot.press("1")
            await pilot.pause(0.5)
            picture = app.export_screenshot(title="llm-grader demo")
            await context.close()
    return picture


def without_web_fonts(svg: str) -> str:
    """The fonts would be fetched from a host by whoever looks at the picture."""
    return re.sub(r"@font-face\s*{[^}]*}", "", svg)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for variable in ("DATA_DIR", "CONFIG_DIR", "STATE_DIR"):
            os.environ[f"LLM_GRADER_{variable}"] = folder
        TARGET.write_text(without_web_fonts(asyncio.run(make_picture())), encoding="utf-8")
    print(f"{TARGET}: {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
