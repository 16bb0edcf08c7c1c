"""The router asks the engine that a target needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.catalogue.model import Model, Source
from tui.engines.router import Router
from tui.engines.scripted import ScriptedEngine
from tui.engines.target import Endpoint, LocalTarget

from .listening import ask, listen

if TYPE_CHECKING:
    from tui.engines.base import Engine, LocalEngine
    from tui.engines.target import Target

ONE, OTHER = LocalTarget(Path("one.gguf")), LocalTarget(Path("other.gguf"))


async def test_weights_are_asked_by_way_of_the_local_engine() -> None:
    local = ScriptedEngine({"Hi.": ["Hello"]}, holds=2)
    router: LocalEngine = Router(local)
    router.set_lanes(ONE, 3)

    answer = await listen(router.generate(ONE, ask("Hi.")))

    assert answer.text == "Hello"
    assert local.lanes == {ONE: 3}
    assert [target for target, _ in local.requests] == [ONE]
    assert await router.make_room(OTHER, beside=[ONE])
    assert not await router.make_room(OTHER, beside=[ONE, LocalTarget(Path("third.gguf"))])
    await router.close()
    assert local.closed


async def test_a_server_is_refused_in_one_line() -> None:
    router: Engine[Target] = Router(ScriptedEngine({}))

    answer = await listen(router.generate(Endpoint("http://localhost:8080/v1", "some\nmodel"), ask("Hi.")))

    assert answer.finished.reason == "failed"
    assert answer.finished.error == (
        "some model at http://localhost:8080/v1: no server can be asked, only weights here"
    )


def test_models_of_the_same_weights_share_a_target() -> None:
    model = Model(name="one", title="One", licence="MIT", sources=(Source(path="one.gguf"),))
    assert {LocalTarget(Path("one.gguf"), model=model), ONE} == {ONE}
    assert LocalTarget(Path("one.gguf"), tokenizer_pre="olmo") != ONE
