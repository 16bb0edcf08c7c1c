"""Refusals of servers and failures of networks, as errors. Only headers are looked at, never a body."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx2
from huggingface_hub import constants
from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]

from tui.errors import WeightsError
from tui.text import safe_line
from tui.weights.errors import ConnectionLostError, SourceFailedError, UnreachableError
from tui.weights.hub.endpoint import shown_address
from tui.weights.hub.environment import proxy_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.catalogue.model import Source

TEMPORARY = {408, 425, 429, 500, 502, 503, 504}
_LONGEST_WAIT = 1e9
_GONE = "no such repository, or a private one that needs HF_TOKEN"
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"


def refuse(response: httpx2.Response, source: Source) -> None:
    """Raises SourceFailedError or ConnectionLostError for an answer that is an error."""
    if response.status_code < 400:
        return
    code, told = response.headers.get("x-error-code", ""), response.headers.get("x-error-message", "")
    match code:
        case "GatedRepo":
            page = f"{shown_address(constants.ENDPOINT)}/{source.repo}"
            raise SourceFailedError(f"gated: accept its terms at {page}, then set HF_TOKEN to your token")
        case "RepoNotFound":
            raise SourceFailedError(_GONE)
        case "RevisionNotFound":
            raise SourceFailedError(f"the repository has no revision {source.revision}")
        case "EntryNotFound":
            raise SourceFailedError("the repository has no such file (any more)")
    if told == "Access to this resource is disabled.":
        raise SourceFailedError("the Hub has disabled this repository")
    raise _by_status(response)


def _by_status(response: httpx2.Response) -> WeightsError:
    told = safe_line(f"{response.url.host} answers {response.status_code} {response.reason_phrase}"[:200])
    # A signed address at a storage host has run out: the Hub will give a new one.
    if response.status_code == 403 and response.history:
        return ConnectionLostError(told)
    if response.status_code in TEMPORARY:
        return ConnectionLostError(told, retry_after(response.headers))
    if response.status_code == 401:
        with_token = "authorization" in response.request.headers
        return SourceFailedError(f"{told}: the token (HF_TOKEN) is not accepted" if with_token else _GONE)
    return SourceFailedError(told)


def explained(error: Exception, source: Source) -> Exception:
    """The error as one of `failures`; one that is no server's stays as it is."""
    match error:
        case WeightsError():
            return error
        case httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
            return SourceFailedError(f"{_host(error)} sends to an address that is none ({_short(error)})")
        case httpx2.ConnectError() | httpx2.ConnectTimeout() | httpx2.ProxyError():
            return UnreachableError(_unreachable(error))
        case httpx2.TimeoutException():
            return ConnectionLostError(f"{_host(error)} does not answer")
        case httpx2.TransportError():
            return ConnectionLostError(f"the connection to {_host(error)} was lost ({_short(error)})")
        case ValueError() | httpx2.HTTPError() | httpx2.InvalidURL():
            return SourceFailedError(f"not a file of the Hub ({_short(error)})")
        case httpx2.StreamError():  # closed by who gave it up
            return ConnectionLostError(f"the connection was given up ({_short(error)})")
        case _:
            return error


def _unreachable(error: httpx2.HTTPError) -> str:
    host, why = _host(error), _short(error)
    proxy = proxy_of(_scheme(error))
    if _UNTRUSTED in why:
        reason = why.partition("certificate verify failed: ")[2].partition(" (_ssl")[0]
        return (
            f"{host} cannot be trusted ({reason or why}): where a company's proxy stands between, "
            "set SSL_CERT_FILE to its certificates"
        )
    return f"{host} cannot be reached{f' through the proxy of {proxy}' if proxy else ''} ({why})"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from Retry-After (RFC 9110: seconds or a date) or the Hub's own `ratelimit`."""
    value = headers.get("retry-after", "").strip()
    try:
        if re.fullmatch(r"[0-9]+", value):
            return min(float(value), _LONGEST_WAIT)
        left = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        return min(max(0.0, left), _LONGEST_WAIT)
    except (ValueError, TypeError, OverflowError, IndexError):
        return _rate_limit(headers)


def _rate_limit(headers: Mapping[str, str]) -> float | None:
    try:
        limit = parse_ratelimit_headers(headers)
        return min(float(limit.reset_in_seconds), _LONGEST_WAIT) if limit and limit.remaining == 0 else None
    except (ValueError, OverflowError):
        return None


def _host(error: httpx2.HTTPError) -> str:
    try:
        return error.request.url.host
    except RuntimeError:  # httpx2's word for an error without a request
        return "the Hub"


def _scheme(error: httpx2.HTTPError) -> str:
    try:
        return error.request.url.scheme
    except RuntimeError:
        return "https"


def _short(error: Exception) -> str:
    return safe_line(str(error))[:120] or type(error).__name__
