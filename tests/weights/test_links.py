"""What somebody else has put into the models folder is not written through, nor waited for."""

from __future__ import annotations

import os

import pytest

from tui import paths
from tui.catalogue.model import Checkpoint, Source
from tui.errors import WeightsError
from tui.weights.fetching.fetch import fetch
from tui.weights.fetching.fetch_checkpoint import fetch_checkpoint
from tui.weights.files.layout import target_of
from tui.weights.files.provenance import read_provenance
from tui.weights.files.status import state_of

from .quick import QUICK, Unhurried, model_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")

CONTENT = b"GGUF" + bytes(range(256)) * 2000
SOURCE = Source(repo="someone/some-gguf", file="some.gguf")


@pytest.fixture
def precious(tmp_path):
    file = tmp_path / "precious"
    file.write_bytes(b"precious")
    target_of(SOURCE).parent.mkdir(parents=True)
    return file


def fetched():
    return list(fetch(model_of(SOURCE), control=Unhurried()))[-1]


def beside(suffix):
    return target_of(SOURCE).with_name(f"{SOURCE.file}{suffix}")


def begin(hub):
    """So that what lies at the part's place is taken for one."""
    from hub_server import Turn

    hub.turns[:] = [Turn(stop_after=1000), *[Turn(stop_after=0)] * QUICK.tries]
    with pytest.raises(WeightsError):
        fetched()
    hub.turns.clear()


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("how", ["link", "second name", "fifo", "folder"])
def test_a_part_that_is_no_file_of_its_own_is_refused_or_replaced(hub, precious, how, begun):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    if begun:
        begin(hub)
        beside(".part").unlink()
    match how:
        case "link":
            beside(".part").symlink_to(precious)
        case "second name":
            beside(".part").hardlink_to(precious)
        case "fifo":
            os.mkfifo(beside(".part"))
        case "folder":
            beside(".part").mkdir()
    try:
        assert fetched().verified
    except WeightsError as error:
        assert "\n" not in str(error)
        assert "some.gguf" in str(error)
        assert begun or how == "folder"
        if how in ("link", "second name"):
            assert "a link to another file, which is not written through" in str(error)
    assert precious.read_bytes() == b"precious"


@pytest.mark.parametrize("suffix", [".origin.json", ".origin.json.tmp", ".lock"])
@pytest.mark.parametrize("how", ["link", "fifo", "circle"])
def test_what_lies_beside_it_is_not_written_through(hub, precious, suffix, how):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    place = beside(suffix)
    if how == "fifo":
        os.mkfifo(place)
    else:
        place.symlink_to(precious if how == "link" else place)
    try:
        assert fetched().verified
    except WeightsError as error:
        assert suffix == ".lock"
        assert "\n" not in str(error)
    assert precious.read_bytes() == b"precious"


def test_an_origin_that_is_a_link_is_not_believed(hub, precious, tmp_path):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    assert fetched().verified
    origin = beside(".origin.json")
    origin.rename(tmp_path / "elsewhere")
    origin.symlink_to(tmp_path / "elsewhere")
    assert read_provenance(target_of(SOURCE)) is None
    assert state_of(model_of(SOURCE)).word == "unverified"


def test_a_list_of_files_that_is_a_link_or_leads_elsewhere_is_not_believed(hub, precious):
    checkpoint = Checkpoint(repo="someone/some")
    hub.add("someone/some", "config.json", b"{}")
    hub.add("someone/some", "model.safetensors", CONTENT)
    manifest = target_of(checkpoint.converted).with_name("some-Q4_K_M.gguf.checkpoint.json")
    manifest.parent.mkdir(parents=True)
    manifest.symlink_to(precious)
    list(fetch_checkpoint(checkpoint, Unhurried()))
    assert precious.read_bytes() == b"precious"
    assert not manifest.is_symlink()
    manifest.write_text('{"commit": "main", "files": [{"name": "../../x.json", "size": 1, "sha256": null}]}')
    list(fetch_checkpoint(checkpoint, Unhurried()))
    assert b"../.." not in manifest.read_bytes()


@pytest.mark.parametrize(
    "name", ["../x.gguf", "/etc/x.gguf", "a\\..\\x.gguf", "C:x.gguf", "x\0.gguf", "x\n.gguf"]
)
def test_a_name_that_leads_elsewhere_on_any_system_is_refused(name):
    with pytest.raises(WeightsError, match="does not name a file of a repository"):
        target_of(Source(repo="a/b", file=name))
    assert not paths.models_dir().exists()
