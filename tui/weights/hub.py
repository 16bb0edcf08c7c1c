"""What the Hub says about a file, and what its refusals mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx2
from huggingface_hub import HfApi, constants, get_hf_file_metadata, hf_hub_url, hf_raise_for_status
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import build_hf_headers, parse_ratelimit_headers  # type: ignore[attr-defined]

from tui.catalogue.model import Source
from tui.weights.failures import ConnectionLostError, SourceFailedError, UnreachableError
from tui.weights.manifest import RemoteRepository, RepositoryFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.errors import WeightsError

CLIENT = "llm-grader"
TEMPORARY = {408, 425, 429, 500, 502, 503, 504}
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """`url` names the very commit. `sha256` is the Hub's own, None for a file it keeps without one."""

    source: Source
    url: str
    size: int
    etag: str
    sha256: str | None


def describe(source: Source) -> RemoteFile:
    """Raises SourceFailedError or ConnectionLostError."""
    try:
        metadata = get_hf_file_metadata(
            hf_hub_url(source.repo, source.file, revision=source.revision),
            library_name=CLIENT,
        )
    except Exception as error:
        raise explained(error, source) from error
    if metadata.size is None or metadata.etag is None:
        raise SourceFailedError("the Hub does not say which file this is, or how large")
    commit = metadata.commit_hash or source.revision
    return RemoteFile(
        source,
        hf_hub_url(source.repo, source.file, revision=commit),
        metadata.size,
        metadata.etag,
        metadata.etag if _SHA256.fullmatch(metadata.etag) else None,
    )


def describe_repository(repo: str, revision: str) -> RemoteRepository:
    """Raises SourceFailedError or ConnectionLostError."""
    try:
        info = HfApi(library_name=CLIENT).model_info(repo, revision=revision, files_metadata=True)
    except Exception as error:
        raise explained(error, Source(repo=repo, revision=revision, file="config.json")) from error
    siblings = info.siblings or []
    if siblings and all(each.size is None for each in siblings):
        raise SourceFailedError("the Hub does not say how large its files are")
    files = tuple(
        RepositoryFile(each.rfilename, each.size, each.lfs.sha256 if each.lfs else None)
        for each in siblings
        if each.size is not None
    )
    return RemoteRepository(info.sha or revision, files)


def request_headers() -> dict[str, str]:
    """For a file's own bytes, with the person's token where there is one."""
    return build_hf_headers(library_name=CLIENT) | {"Accept-Encoding": "identity"}


def refuse(response: httpx2.Response, source: Source) -> None:
    """Raises SourceFailedError or ConnectionLostError for an answer that is an error."""
    try:
        hf_raise_for_status(response)
    except HfHubHTTPError as error:
        # A signed address at a storage host has run out: the Hub will give a new one.
        if response.status_code == 403 and response.history:
            raise ConnectionLostError(f"{response.url.host} answers 403") from error
        raise explained(error, source) from error


def explained(error: Exception, source: Source) -> Exception:
    """As one of `failures`, what is none of the Hub's as it is.

    The order matters: the Hub's errors inherit from each other, and most are OSErrors too.
    """
    page = f"{constants.ENDPOINT}/{source.repo}"
    match error:
        case OfflineModeIsEnabled():
            return SourceFailedError("offline mode is on (HF_HUB_OFFLINE)")
        case GatedRepoError():
            return SourceFailedError(f"gated: accept its terms at {page}, then set HF_TOKEN to your token")
        case DisabledRepoError():
            return SourceFailedError("the Hub has disabled this repository")
        case RepositoryNotFoundError():
            return SourceFailedError("no such repository, or a private one that needs HF_TOKEN")
        case RevisionNotFoundError():
            return SourceFailedError(f"the repository has no revision {source.revision}")
        case EntryNotFoundError():
            return SourceFailedError("the repository has no such file (any more)")
        case HfHubHTTPError():
            return _status(error.response)
        case httpx2.ConnectError() | httpx2.ConnectTimeout() | httpx2.ProxyError():
            return UnreachableError(f"{_host(error)} cannot be reached ({_short(error)})")
        case httpx2.TimeoutException():
            return ConnectionLostError(f"{_host(error)} does not answer")
        case httpx2.TransportError():
            return ConnectionLostError(f"the connection to {_host(error)} was lost ({_short(error)})")
        case ValueError() | httpx2.HTTPError() | httpx2.InvalidURL():
            return SourceFailedError(f"not a file of the Hub ({_short(error)})")
        case _:
            return error


def _status(response: httpx2.Response) -> WeightsError:
    told = f"{response.url.host} answers {response.status_code} {response.reason_phrase}".rstrip()
    if response.status_code in TEMPORARY:
        return ConnectionLostError(told, retry_after(response.headers))
    if response.status_code == 401:
        return SourceFailedError(f"{told}: the token (HF_TOKEN) is not accepted")
    return SourceFailedError(told)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from Retry-After (RFC 9110: seconds or a date) or the Hub's own `ratelimit`."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        limit = parse_ratelimit_headers(headers)
        return float(limit.reset_in_seconds) if limit and limit.remaining == 0 else None


def _host(error: httpx2.HTTPError) -> str:
    try:
        return error.request.url.host
    except RuntimeError:  # httpx2's word for an error without a request
        return "the Hub"


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
