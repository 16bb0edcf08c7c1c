"""Metadata of files and repositories: claims of the Hub, each held against the form it has to have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import msgspec
from huggingface_hub import constants, hf_hub_url
from msgspec import Meta, Struct

from tui.catalogue.model import Sha256, Source
from tui.text import safe_line
from tui.weights.errors import SourceFailedError
from tui.weights.files.manifest import RemoteRepository, RepositoryFile
from tui.weights.hub.client import answer, read_list, request_headers
from tui.weights.hub.refusals import explained, refuse

if TYPE_CHECKING:
    import httpx2

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_NUMBER = re.compile(r"[0-9]{1,16}")
_ETAG = re.compile(r"[\x21-\x7e]{1,256}")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """`url` names the very commit. `sha256` is the Hub's own, None for a file it keeps without one."""

    source: Source
    url: str
    size: int
    etag: str
    sha256: str | None


class _Large(Struct):
    sha256: Sha256


class _Listed(Struct):
    rfilename: Annotated[str, Meta(min_length=1, max_length=1024)]
    size: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    lfs: _Large | None = None


class _Repository(Struct):
    sha: Annotated[str, Meta(pattern=r"^[0-9a-f]{40}\Z")] | None = None
    siblings: Annotated[list[_Listed], Meta(max_length=100_000)] | None = None


def describe(source: Source, client: httpx2.Client) -> RemoteFile:
    """Raises SourceFailedError or ConnectionLostError."""
    try:
        url = hf_hub_url(source.repo, source.file, revision=source.revision)
        with answer(client, "HEAD", url, request_headers(), on_hub=True) as response:
            refuse(response, source)
            return _described(source, response)
    except Exception as error:
        raise explained(error, source) from error


def _described(source: Source, response: httpx2.Response) -> RemoteFile:
    headers = response.headers
    length = headers.get("x-linked-size") or ("" if response.is_redirect else headers.get("content-length"))
    size = whole_number(length)
    etag = (headers.get("x-linked-etag") or headers.get("etag") or "").removeprefix("W/").strip('"')
    if size is None or not _ETAG.fullmatch(etag):
        raise SourceFailedError("the Hub does not say which file this is, or how large")
    commit = headers.get("x-repo-commit", "")
    url = hf_hub_url(
        source.repo, source.file, revision=commit if _COMMIT.fullmatch(commit) else source.revision
    )
    return RemoteFile(source, url, size, etag, etag if _SHA256.fullmatch(etag) else None)


def describe_repository(repo: str, revision: str, client: httpx2.Client) -> RemoteRepository:
    """Raises SourceFailedError or ConnectionLostError."""
    asked = Source(repo=repo, revision=revision, file="config.json")
    try:
        hf_hub_url(repo, asked.file)  # refuses what names no repository
        url = f"{constants.ENDPOINT}/api/models/{repo}/revision/{quote(revision, safe='')}?blobs=true"
        with answer(client, "GET", url, request_headers(), on_hub=True) as response:
            refuse(response, asked)
            return _listed(read_list(response), revision)
    except Exception as error:
        raise explained(error, asked) from error


def _listed(body: bytearray, revision: str) -> RemoteRepository:
    try:
        repository = msgspec.json.decode(body, type=_Repository)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        told = safe_line(str(error))[:120]
        raise SourceFailedError(f"what the Hub sends is no list of a repository's files ({told})") from error
    siblings = repository.siblings or []
    if siblings and all(each.size is None for each in siblings):
        raise SourceFailedError("the Hub does not say how large its files are")
    files = tuple(
        RepositoryFile(each.rfilename, each.size, each.lfs.sha256 if each.lfs else None)
        for each in siblings
        if each.size is not None
    )
    return RemoteRepository(repository.sha or revision, files)


def whole_number(text: str | None) -> int | None:
    """The number in ASCII digits; None for anything else."""
    return int(text) if text and _NUMBER.fullmatch(text) else None
