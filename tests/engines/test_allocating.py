"""How a load specification is carried out where there are GPUs, pretended here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui.engines.llama.allocating import allocation_of, as_allocated
from tui.engines.llama.protocol import LoadSpec
from tui.memory.free import Device

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeTiny

PLENTY = 1 << 40


def card(name: str, free: int = PLENTY) -> Device:
    return Device(name=name, description="a card", kind="gpu", free=free, total=PLENTY)


def test_layers_go_to_the_gpu_only_as_far_as_they_fit(tiny: MakeTiny) -> None:
    spec = LoadSpec(path=str(tiny()))
    for free, layers in ((PLENTY, 2), (0, 0)):
        devices = [card("CUDA0", free)]
        allocated = as_allocated(spec, allocation_of(spec, free=PLENTY, devices=devices), devices)
        assert allocated.gpu_layers == layers


def test_only_the_devices_that_are_named_are_reckoned_with(tiny: MakeTiny) -> None:
    spec = LoadSpec(path=str(tiny()), devices=("CUDA1",))
    allocation = allocation_of(spec, free=PLENTY, devices=[card("CUDA0"), card("CUDA1")])
    assert allocation is not None
    assert [device.name for device, _ in allocation.placement.on_devices] == ["CUDA1"]


def test_an_adapter_counts(tiny: MakeTiny) -> None:
    path = str(tiny())
    with_adapter = allocation_of(LoadSpec(path=path, adapter_path=path), free=PLENTY, devices=[])
    without = allocation_of(LoadSpec(path=path), free=PLENTY, devices=[])
    assert with_adapter is not None
    assert without is not None
    assert with_adapter.needed - without.needed == tiny().stat().st_size


def test_without_a_gpu_or_a_readable_file_the_specification_stays(tiny: MakeTiny, tmp_path: Path) -> None:
    spec, missing = LoadSpec(path=str(tiny())), LoadSpec(path=str(tmp_path / "no.gguf"))
    assert as_allocated(spec, allocation_of(spec, free=PLENTY, devices=[]), []) == spec
    assert allocation_of(missing, free=PLENTY, devices=[]) is None


def test_as_much_context_as_fits(tiny: MakeTiny) -> None:
    spec = LoadSpec(path=str(tiny()))
    shorter = allocation_of(replace(spec, context_length=1024), free=PLENTY, devices=[])
    assert shorter is not None
    allocation = allocation_of(spec, free=shorter.needed, devices=[])
    assert as_allocated(spec, allocation, []) == replace(spec, held_context=1024)


def test_as_many_generations_at_a_time_as_fit(tiny: MakeTiny) -> None:
    spec = LoadSpec(path=str(tiny()), parallel=8)
    one = allocation_of(replace(spec, parallel=1), free=PLENTY, devices=[])
    all_of_them = allocation_of(spec, free=PLENTY, devices=[])
    assert one is not None
    assert all_of_them is not None
    some = allocation_of(spec, free=(one.needed + all_of_them.needed) // 2, devices=[])
    assert as_allocated(spec, all_of_them, []) == spec
    assert 1 < as_allocated(spec, some, []).parallel < 8
