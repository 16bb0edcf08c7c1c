from __future__ import annotations

import hashlib
import sys

import pytest
from hub_server import HubServer, Turn
from huggingface_hub import constants

from tui import paths
from tui.catalogue.model import Source
from tui.errors import WeightsError
from tui.weights import events
from tui.weights.errors import UnreachableError
from tui.weights.fetching.fetch import fetch
from tui.weights.files.digest_cache import remembered_sha256, sha256_of
from tui.weights.files.status import state_of

from .quick import QUICK, Unhurried, model_of

REPO, FILE = "someone/some-gguf", "some.gguf"
CONTENT = b"GGUF" + bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SOURCE = Source(repo=REPO, file=FILE)


def fetched(model=None, control=None):
    return list(fetch(model or model_of(SOURCE), control=control or Unhurried()))


def target():
    return paths.models_dir() / REPO / FILE


def left_behind():
    return sorted(path.name for path in paths.models_dir().rglob("*") if path.is_file())


def begin_part(hub: HubServer, length=200_000):
    """A part of this length, as a lost connection leaves it."""
    turns = [Turn(stop_after=length), *[Turn(stop_after=0)] * QUICK.tries]
    hub.turns[:] = turns
    with pytest.raises(WeightsError, match="start it again to go on"):
        fetched()
    hub.turns.clear()
    hub.requests.clear()
    assert state_of(model_of(SOURCE)).done == length


def test_a_file_is_fetched_verified_and_not_fetched_again(hub):
    hub.add(REPO, FILE, CONTENT)
    *_, finished = fetched()
    assert finished == events.Finished(target(), len(CONTENT), SHA256, verified=True, fetched=True)
    assert target().read_bytes() == CONTENT
    assert remembered_sha256(target()) == SHA256
    assert left_behind() == ["some.gguf", "some.gguf.origin.json"]
    assert state_of(model_of(SOURCE)).word == "verified"
    *_, again = fetched()
    assert not again.fetched
    assert len(hub.gets) == 1


def test_the_start_says_size_and_place_and_the_progress_ends_with_all_bytes(hub):
    hub.add(REPO, FILE, CONTENT)
    started, *_, progress, _ = fetched()
    assert (started.size, started.done, started.target) == (len(CONTENT), 0, target())
    assert started.free > 0
    assert progress.done == progress.size == len(CONTENT)
    assert progress.rate > 0


def test_a_part_is_continued_where_it_ended(hub):
    hub.add(REPO, FILE, CONTENT)
    begin_part(hub)
    assert state_of(model_of(SOURCE)).label == "39 %"
    assert fetched()[-1].sha256 == SHA256
    assert [(get.range, get.sent) for get in hub.gets] == [("bytes=200000-", len(CONTENT) - 200_000)]


@pytest.mark.parametrize("then", ["close", "reset"])
def test_a_dropped_connection_is_continued_on_a_new_one(hub, then):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(stop_after=100_000, then="close"), Turn(stop_after=150_000, then=then)]
    control = Unhurried()
    assert fetched(control=control)[-1].sha256 == SHA256
    assert len(hub.gets) == 3
    assert len(control.waits) == 2


def test_a_part_that_is_whole_is_only_hashed(hub):
    hub.add(REPO, FILE, CONTENT)
    begin_part(hub)
    (target().parent / "some.gguf.part").write_bytes(CONTENT)
    assert fetched()[-1].verified
    assert hub.gets == []


def test_a_damaged_part_never_becomes_the_file(hub):
    hub.add(REPO, FILE, CONTENT)
    begin_part(hub)
    (target().parent / "some.gguf.part").write_bytes(b"x" * 200_000)
    with pytest.raises(WeightsError, match="what came is not the file"):
        fetched()
    assert left_behind() == []
    assert fetched()[-1].verified


def test_a_file_that_changed_between_two_starts_is_fetched_from_its_beginning(hub):
    hub.add(REPO, FILE, CONTENT)
    begin_part(hub)
    hub.add(REPO, FILE, CONTENT[::-1])
    assert fetched()[-1].verified
    assert target().read_bytes() == CONTENT[::-1]
    assert hub.gets[0].range == ""


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (Turn(ignore_range=True), "sends the whole file instead of the rest"),
        (Turn(status=416), "does not have that rest"),
        (Turn(headers={"Content-Range": f"bytes 0-{len(CONTENT) - 1}/{len(CONTENT)}"}), "other bytes than"),
        (Turn(headers={"Content-Range": "bytes 200000-/9"}), "does not say which bytes"),
        (Turn(headers={"ETag": '"another"'}), "another one by now"),
    ],
)
def test_an_answer_that_does_not_continue_the_part_starts_it_over(hub, turn, reason):
    hub.add(REPO, FILE, CONTENT)
    begin_part(hub)
    hub.turns[:] = [turn]
    happened = fetched()
    assert [reason in event.reason for event in happened if isinstance(event, events.StartingOver)] == [True]
    assert target().read_bytes() == CONTENT


def test_a_server_that_never_answers_ranges_right_is_given_up(hub):
    hub.add(REPO, FILE, CONTENT)
    begin_part(hub)
    hub.turns[:] = [Turn(status=416)] * 9
    with pytest.raises(WeightsError, match=r"some: someone/some-gguf some\.gguf: the server answers 416"):
        fetched()


def test_a_wrong_body_of_the_right_length_is_thrown_away(hub):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(body=CONTENT[::-1])]
    with pytest.raises(WeightsError) as raised:
        fetched()
    assert str(raised.value).startswith(
        "some: someone/some-gguf some.gguf: what came is not the file: its sha256"
    )
    assert left_behind() == []
    assert state_of(model_of(SOURCE)).word == "absent"


def test_the_catalogues_sha256_decides_where_the_hub_has_none(hub):
    hub.add(REPO, FILE, CONTENT, etag="a-git-hash")
    with pytest.raises(WeightsError, match=f"it should be {'0' * 64}"):
        fetched(model_of(Source(repo=REPO, file=FILE, sha256="0" * 64)))
    assert fetched(model_of(Source(repo=REPO, file=FILE, sha256=SHA256)))[-1].verified


def test_a_file_without_any_published_sha256_is_unverified(hub):
    hub.add(REPO, FILE, CONTENT, etag="a-git-hash")
    assert not fetched()[-1].verified
    assert state_of(model_of(SOURCE)).word == "unverified"


def test_a_body_that_is_shorter_than_the_hub_says_is_no_file(hub):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(body=CONTENT[:1000])]
    with pytest.raises(WeightsError, match="the server sends 1,000 bytes, the Hub says 512,004"):
        fetched()
    assert not target().exists()


def test_a_body_without_length_that_is_longer_is_no_file(hub):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(body=CONTENT + b"x", headers={"Content-Length": str(len(CONTENT) + 1)})]
    with pytest.raises(WeightsError, match="the Hub says 512,004"):
        fetched()
    assert not target().exists()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"size": 5}, "the Hub has 512,004 bytes, the catalogue knows it with 5"),
        ({"sha256": "0" * 64}, "the Hub has another file by now"),
    ],
)
def test_a_file_that_the_catalogue_knows_otherwise_is_not_even_begun(hub, changes, expected):
    hub.add(REPO, FILE, CONTENT)
    with pytest.raises(WeightsError, match=expected):
        fetched(model_of(Source(repo=REPO, file=FILE, **changes)))
    assert hub.gets == []


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_server_in_trouble_is_asked_again(hub, status):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(status=status)]
    hub.head_turns[:] = [Turn(status=status)]
    control = Unhurried()
    assert fetched(control=control)[-1].verified
    assert control.waits == [0, 0]


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "7"}, {"ratelimit": '"resolvers";r=0;t=7'}], ids=["Retry-After", "ratelimit"]
)
def test_retry_after_is_waited_for(hub, headers):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(status=429, headers=headers)]
    control = Unhurried()
    assert fetched(control=control)[-1].verified
    assert control.waits == [7]


def test_a_wait_of_hours_is_left_to_the_person(hub):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(status=429, headers={"Retry-After": "7200"})]
    with pytest.raises(WeightsError, match=r"answers 429 .*asks to wait 120 min"):
        fetched()


def test_a_server_that_stays_in_trouble_is_given_up(hub):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [Turn(status=500)] * 9
    with pytest.raises(WeightsError, match=r"127\.0\.0\.1 answers 500"):
        fetched()
    assert len(hub.gets) == QUICK.tries


@pytest.mark.parametrize(
    "answer",
    [Turn(status=503), Turn(status=429, headers={"Retry-After": "7200"})],
    ids=["busy", "wait for hours"],
)
def test_a_hub_that_answers_nothing_is_asked_about_one_source_only(hub, answer):
    hub.head_turns[:] = [answer] * 99
    control = Unhurried()
    sources = [Source(repo=f"someone/{number}", file=FILE) for number in range(5)]
    with pytest.raises(UnreachableError, match=rf"answers {answer.status} .*: try it again later"):
        fetched(model_of(*sources), control=control)
    assert {request.path.split("/")[2] for request in hub.requests} == {"0"}
    assert len(hub.requests) <= QUICK.tries


@pytest.mark.parametrize(
    "turn", [Turn(drip=0.01), Turn(stop_after=100_000, then="hold")], ids=["drip", "silent"]
)
def test_a_server_that_sends_a_byte_now_and_then_counts_as_lost(hub, turn):
    hub.add(REPO, FILE, CONTENT)
    hub.turns[:] = [turn]
    happened = fetched()
    assert [event.reason for event in happened if isinstance(event, events.Waiting)] == [
        "the server has as good as stopped sending"
    ]
    assert happened[-1].verified


def test_a_server_that_takes_the_question_and_says_nothing_counts_as_lost(hub):
    hub.add(REPO, FILE, CONTENT)
    silent = Turn(before_headers=lambda: hub.released.wait(60))
    hub.turns[:], hub.head_turns[:] = [silent], [silent]
    first, second = (event.reason for event in fetched() if isinstance(event, events.Waiting))
    assert first in ("no whole answer within 2 s", "127.0.0.1 does not answer")
    assert second == "the server has as good as stopped sending"


def test_the_token_goes_to_the_hub_and_to_no_other_host(hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    storage = HubServer()
    hub.add(REPO, FILE, CONTENT, storage=storage.url)
    storage.add(REPO, FILE, CONTENT)
    assert fetched()[-1].verified
    storage.close()
    assert [get.authorization for get in hub.gets] == ["Bearer hf_secret"]
    assert [(get.authorization, get.sent) for get in storage.gets] == [("", len(CONTENT))]


def test_a_signed_address_that_has_run_out_is_asked_for_again(hub):
    storage = HubServer()
    hub.add(REPO, FILE, CONTENT, storage=storage.url)
    storage.add(REPO, FILE, CONTENT)
    storage.turns[:] = [Turn(status=403)]
    assert fetched()[-1].verified
    storage.close()
    assert len(hub.gets) == 2


def test_a_repository_that_was_renamed_is_followed(hub):
    hub.add(REPO, FILE, CONTENT, redirect="someone/new-name")
    hub.add("someone/new-name", FILE, CONTENT)
    assert fetched()[-1].verified


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"error": (403, "GatedRepo")}, "gated: accept its terms at http://127.0.0.1"),
        ({"error": (401, "GatedRepo")}, "then set HF_TOKEN"),
        ({"error": (404, "RevisionNotFound")}, "the repository has no revision main"),
        ({"error": (404, "EntryNotFound")}, "the repository has no such file"),
        ({"error": (401, "RepoNotFound")}, "no such repository, or a private one"),
        ({"error": (404, "RepoNotFound")}, "no such repository, or a private one"),
        ({"error": (418, "")}, "127.0.0.1 answers 418"),
    ],
)
def test_what_the_hub_refuses_is_one_line(hub, changes, expected):
    hub.add(REPO, FILE, CONTENT, **changes)
    with pytest.raises(WeightsError) as raised:
        fetched()
    assert expected in str(raised.value)
    assert str(raised.value).startswith("some: someone/some-gguf some.gguf: ")
    assert "\n" not in str(raised.value)
    assert left_behind() == []


def test_sources_are_tried_in_order_with_a_line_for_each_that_fails(hub):
    hub.add("someone/gated", FILE, CONTENT, error=(403, "GatedRepo"))
    hub.add(REPO, FILE, CONTENT)
    hub.add("someone/wrong", FILE, CONTENT)
    hub.turns[:] = [Turn(body=CONTENT[::-1])]
    model = model_of(
        Source(repo="someone/gone", file=FILE),
        Source(repo="someone/gated", file=FILE),
        Source(repo="someone/wrong", file=FILE),
        SOURCE,
    )
    happened = fetched(model)
    failed = [
        (event.source.repo, event.reason) for event in happened if isinstance(event, events.SourceFailed)
    ]
    assert [repo for repo, _ in failed] == ["someone/gone", "someone/gated", "someone/wrong"]
    assert [
        "no such repository" in failed[0][1],
        "gated" in failed[1][1],
        "not the file" in failed[2][1],
    ] == [True] * 3
    assert happened[-1].path == target()


def test_a_begun_file_goes_before_the_order_of_the_sources(hub):
    hub.add(REPO, FILE, CONTENT)
    hub.add("someone/first", FILE, CONTENT)
    begin_part(hub)
    assert fetched(model_of(Source(repo="someone/first", file=FILE), SOURCE))[-1].path == target()


def test_the_part_of_another_source_goes_when_the_model_is_here(hub):
    hub.add(REPO, FILE, CONTENT)
    begin_part(hub)
    hub.files[REPO, FILE].error = (403, "GatedRepo")
    hub.add("other/other", FILE, CONTENT)
    fetched(model_of(SOURCE, Source(repo="other/other", file=FILE)))
    assert left_behind() == ["some.gguf", "some.gguf.origin.json"]
    assert not (paths.models_dir() / "someone").exists()


def test_the_same_file_name_in_two_repositories_is_two_files(hub):
    hub.add(REPO, FILE, CONTENT)
    hub.add("other/other", FILE, CONTENT[::-1])
    other = Source(repo="other/other", file=FILE)
    assert fetched()[-1].path != fetched(model_of(other))[-1].path
    assert state_of(model_of(other)).sha256 != SHA256


def test_offline_mode_is_one_line_and_no_request(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match=r"offline mode is on \(HF_HUB_OFFLINE\)"):
        fetched()
    assert hub.requests == []


def test_no_route_is_one_line_at_once(hub, monkeypatch):
    hub.close()
    control = Unhurried()
    with pytest.raises(WeightsError, match=r"127\.0\.0\.1 cannot be reached \(.*refused"):
        fetched(control=control)
    assert control.waits == []


def test_a_file_in_the_hub_cache_is_used_and_never_deleted(hub, home):
    from tui.weights.files.removal import remove

    repo = home / "hub" / "models--someone--some-gguf"
    for folder in ("blobs", "refs", "snapshots/0123abc"):
        (repo / folder).mkdir(parents=True)
    (repo / "blobs" / SHA256).write_bytes(CONTENT)
    (repo / "refs" / "main").write_text("0123abc")
    cached = repo / "snapshots" / "0123abc" / FILE
    cached.symlink_to(repo / "blobs" / SHA256)
    finished = fetched()[-1]
    assert (finished.path, finished.verified, finished.fetched) == (cached, True, False)
    assert hub.requests == []
    assert remove(model_of(SOURCE)).kept == (cached,)
    assert cached.read_bytes() == CONTENT


def test_a_broken_file_is_fetched_again(hub):
    hub.add(REPO, FILE, CONTENT)
    fetched()
    target().write_bytes(CONTENT[::-1])
    assert isinstance(fetched()[0], events.Verifying)
    assert target().read_bytes() == CONTENT
    assert state_of(model_of(SOURCE)).word == "verified"


def test_a_name_that_leads_out_of_the_models_folder_is_refused(hub):
    with pytest.raises(WeightsError, match="does not name a file of a repository"):
        fetched(model_of(Source(repo=REPO, file="../../../grades.db")))


@pytest.mark.parametrize(
    "strange", [Source(repo=REPO, file="../x.gguf"), Source(repo="not/a/repo name", file="x")]
)
def test_a_source_that_cannot_be_looked_up_does_not_keep_the_next_from_being_fetched(hub, strange):
    hub.add(REPO, FILE, CONTENT)
    failed, *_, finished = fetched(model_of(strange, SOURCE))
    assert isinstance(failed, events.SourceFailed)
    assert finished.verified
    assert fetched(model_of(strange, SOURCE))[-1].path == target()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_into_a_folder_whose_name_is_no_text_nothing_is_fetched(hub, monkeypatch, tmp_path):
    hub.add(REPO, FILE, CONTENT)
    monkeypatch.setenv("LLM_GRADER_MODELS_DIR", f"{tmp_path}/\udcff")
    with pytest.raises(WeightsError, match="this name is not UTF-8 text: rename the file or its folder"):
        fetched()
    assert hub.requests == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_can_be_hashed(tmp_path):
    file = tmp_path / "\udcff.gguf"
    file.write_bytes(CONTENT)
    assert sha256_of(file) == SHA256
