"""Whatever a server answers: one line or the file, little of it is read, soon, and nothing goes on then."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import psutil
import pytest
from huggingface_hub import constants
from raw_server import RawServer, head

from tui.catalogue.model import Checkpoint, Source
from tui.errors import WeightsError
from tui.weights.control import Patience
from tui.weights.events import Finished
from tui.weights.fetching.fetch import fetch
from tui.weights.fetching.fetch_checkpoint import fetch_checkpoint
from tui.weights.hub.client import new_client

from .hostile_answers import all_answers, good
from .quick import Unhurried, model_of

REPO = "someone/some"
HASTY = Patience(silence=0.4, trickle=1000, metadata=0.4, tries=2, first_pause=0, longest_request=60)
ANSWERS = list(all_answers())


@pytest.fixture
def server(hub, monkeypatch):
    """In place of the server of `hub`, whose settings it takes over."""
    raw = RawServer()
    raw.answers.update(good())
    monkeypatch.setattr(constants, "ENDPOINT", raw.url)
    template = raw.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    yield raw
    raw.close()


def outcome(kind: str) -> str:
    """The line; empty when all is fetched. Nothing else is raised."""
    if kind == "API":
        events = fetch_checkpoint(Checkpoint(repo=REPO), Unhurried(HASTY))
    else:
        events = fetch(model_of(Source(repo=REPO, file="some.gguf")), control=Unhurried(HASTY))
    try:
        happened = list(events)
    except WeightsError as error:
        return str(error)
    assert kind == "API" or isinstance(happened[-1], Finished)
    return ""


def at_work() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name in ("download", "ask the Hub")]


def test_there_are_hundreds_of_answers():
    assert len(ANSWERS) > 300
    assert all(ANSWERS)


@pytest.mark.parametrize("part", range(8))
def test_every_answer_is_one_line_or_the_file_and_costs_little(server, part, tmp_path, monkeypatch):
    """In eight parts, to be shared out."""
    process = psutil.Process()
    for number, (name, kind, answer) in enumerate(ANSWERS):
        if number % 8 != part:
            continue
        monkeypatch.setenv("LLM_GRADER_MODELS_DIR", str(tmp_path / str(number)))
        server.answers.update(good() | {kind: answer})
        server.sent, before, began = 0, process.memory_info().rss, time.monotonic()
        line = outcome(kind)
        what = f"{kind} {name}: {line!r}"
        assert "\n" not in line and "\x1b" not in line and len(line) < 600, what
        assert "mistake" not in line, what
        assert time.monotonic() - began < 8, what
        assert process.memory_info().rss - before < 60_000_000, what
        assert server.sent < 70_000_000, (
            what
        )  # with what lies in the sockets of a list that is read to its bound


def test_a_reader_that_was_left_behind_ends(server):
    for name, kind, answer in ANSWERS:
        if "trickle" in name or "endless" in name:
            server.answers.update(good() | {kind: answer})
            outcome(kind)
    deadline = time.monotonic() + 10
    while at_work() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert at_work() == []


def test_of_a_refusal_no_body_is_read(server):
    for kind in ("GET", "API"):
        for name, of, answer in ANSWERS:
            if of == kind and name in ("404 with an endless body", "302 with an endless body"):
                server.answers.update(good() | {kind: answer})
                server.sent = 0
                assert outcome(kind)
                assert server.sent < 4_000_000, name  # all of it in the sockets


def test_a_server_learns_the_programs_name_and_version_and_nothing_else(server, monkeypatch):
    from importlib.metadata import version

    for variable in ("AI_AGENT", "AGENT"):
        monkeypatch.setenv(variable, "somebody")
    assert outcome("GET") == ""
    outcome("API")
    for asked in server.requests:
        first, *lines = asked.decode().strip().split("\r\n")
        sent = dict(line.lower().split(": ", 1) for line in lines)
        assert sent.pop("user-agent") == f"llm-grader/{version('llm-grader')}"
        assert sent.keys() <= {"host", "accept", "accept-encoding", "connection", "range", "if-range"}, sent
        assert "agent-harnesses" not in first
    assert len(server.requests) > 2


def test_what_huggingface_hub_asks_by_itself_goes_the_same_way(server):
    from huggingface_hub import close_session, get_session

    close_session()
    assert type(get_session()) is type(new_client())
    assert get_session().follow_redirects is False
    assert constants.HF_HUB_DISABLE_TELEMETRY


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        ("7", 7),
        ("0", 0),
        ("²", None),
        ("-5", None),
        ("1e9", None),
        ("99999999999999", 1e9),
        ("9" * 5000, 1e9),
        ("Wed, 21 Oct 1815 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2915 07:28:00 GMT", 1e9),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_retry_after_is_digits_or_a_date_and_bounded(wait, expected):
    from tui.weights.hub.refusals import retry_after

    assert retry_after({"retry-after": wait}) == expected


def test_a_token_that_is_none_is_not_shown(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_sécret")
    line = outcome("GET")
    assert "HF_TOKEN" in line
    assert "cret" not in line
    assert server.requests == []


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe")
@pytest.mark.parametrize("kind", ["fifo", "folder", "no text"])
def test_a_token_file_that_is_none_is_one_line_at_once(server, kind):
    file = Path(constants.HF_TOKEN_PATH)
    file.parent.mkdir(parents=True, exist_ok=True)
    match kind:
        case "fifo":
            os.mkfifo(file)
        case "folder":
            file.mkdir()
        case "no text":
            file.write_bytes(b"\xff\xfe")
    assert outcome("GET").startswith(f"{file}, where your token of the Hub ")
    assert server.requests == []


def test_of_a_token_file_that_the_person_named_nothing_is_to_be_removed(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN_PATH", "/")
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", "/")
    assert outcome("GET").startswith("HF_TOKEN_PATH is /, a folder, not a file: unset it, or name ")
    assert server.requests == []


def test_the_token_goes_no_further_than_the_hub(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    other = RawServer()
    other.answers.update(good())
    for kind in ("HEAD", "GET", "API"):
        place = f"{other.url}/api/models/x" if kind == "API" else f"{other.url}/x"
        server.answers.update(good() | {kind: head("302 Found", Location=place, Content_Length="0")})
        outcome(kind)
    other.close()
    assert any(b"hf_secret" in asked for asked in server.requests)
    assert other.requests
    assert not any(b"hf_secret" in asked for asked in other.requests)
