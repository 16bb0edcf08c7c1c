"""The HTTP client: what it sends, which redirects it follows, and how little of an answer it reads.

Of a refusal and of a redirect only the headers are read, and of a list of files some megabytes. The bytes of
a file are for `Connection`, which knows how many there have to be.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
from huggingface_hub import constants, set_client_factory
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

from tui.explain import reason_of
from tui.files import unfitness
from tui.weights.errors import SourceFailedError, UnreachableError
from tui.weights.hub.environment import certificates, require_endpoint, require_proxies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.weights.control import Patience

LARGEST_LIST = 16_000_000
"""Bytes. A repository of ten thousand files takes three million."""
_MOST_REDIRECTS = 10
_SECONDS = 30.0
_VISIBLE = re.compile(r"[\x21-\x7e]+")

# It would ask the Hub for a list of programs, look for one of them around us, and tell what it found.
constants.HF_HUB_DISABLE_TELEMETRY = True


def new_client(patience: Patience | None = None) -> httpx2.Client:
    """Closing it ends what is going on, in whatever thread. Raises UnreachableError where the environment
    makes no sense."""
    require_endpoint()
    require_proxies()
    seconds = patience.silence if patience else _SECONDS
    # Longer than a caller waits: only a reader that was left behind comes to that.
    timeout = httpx2.Timeout(2 * seconds, connect=seconds / 2)
    try:
        return httpx2.Client(verify=certificates(), timeout=timeout, follow_redirects=False)
    except (ValueError, ImportError, httpx2.InvalidURL) as error:
        raise UnreachableError(f"the proxy settings (NO_PROXY among them) cannot be used: {error}") from error


# What huggingface_hub asks of its own accord, as for a token that has to be renewed, goes the same way.
set_client_factory(new_client)


def request_headers() -> dict[str, str]:
    """Headers with the person's token where there is one, and nothing about the machine."""
    headers = _with_token({"user-agent": _user_agent(), "accept-encoding": "identity"})
    token = headers.get("authorization", "").removeprefix("Bearer ")
    if token and not _VISIBLE.fullmatch(token):
        raise UnreachableError("the token (HF_TOKEN) has characters that no token has: copy it again")
    return headers


def _with_token(headers: dict[str, str]) -> dict[str, str]:
    """The token of HF_TOKEN, or of the file where `hf auth login` keeps it."""
    file = Path(constants.HF_TOKEN_PATH)
    if problem := unfitness(file):
        raise UnreachableError(_no_token_in(file, problem))
    try:
        told: dict[str, str] = build_hf_headers(headers=headers)
    except OSError as error:
        raise UnreachableError(f"{file}, where your token of the Hub is: {reason_of(error)}") from error
    except UnicodeDecodeError as error:
        raise UnreachableError(_no_token_in(file, "no text")) from error
    return told


def _no_token_in(file: Path, problem: str) -> str:
    if os.environ.get("HF_TOKEN_PATH"):
        return f"HF_TOKEN_PATH is {file}, {problem}: unset it, or name the file that has your token"
    return f"{file}, where your token of the Hub should be: {problem}: remove it"


@contextmanager
def answer(
    client: httpx2.Client, method: str, url: str, headers: dict[str, str], *, on_hub: bool
) -> Iterator[httpx2.Response]:
    """The last of a chain of redirects. With `on_hub` one that leads away from the Hub is the last itself.

    Raises SourceFailedError, and what httpx2 does. A token goes to no other host.
    """
    if constants.is_offline_mode():
        raise UnreachableError("offline mode is on (HF_HUB_OFFLINE)")
    request = client.build_request(method, url, headers=headers)
    history: list[httpx2.Response] = []
    while len(history) <= _MOST_REDIRECTS:
        response = client.send(request, stream=True, follow_redirects=False)
        following = response.next_request
        if following is None or (on_hub and not _stays(request.url, following.url)):
            response.history = history
            try:
                yield response
            finally:
                response.close()
            return
        response.close()
        history.append(response)
        request = following
    raise SourceFailedError(f"{request.url.host} sends from one address to the next, without an end")


def read_list(response: httpx2.Response) -> bytearray:
    """The body of an answer that is a list of files. Raises SourceFailedError."""
    if response.status_code != httpx2.codes.OK:
        raise SourceFailedError(f"{response.url.host} answers {response.status_code} to a plain question")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise SourceFailedError("the Hub packs its answer, which it was asked not to do")
    body = bytearray()
    for data in response.iter_raw():
        body += data
        if len(body) > LARGEST_LIST:
            raise SourceFailedError(f"the Hub's list of files has more than {LARGEST_LIST // 1_000_000} MB")
    return body


def _stays(here: httpx2.URL, there: httpx2.URL) -> bool:
    same = (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)
    return same or (there.scheme == "https" and there.host in constants.HF_URL_HOSTS)


def _user_agent() -> str:
    try:
        return f"llm-grader/{version('llm-grader')}"
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "llm-grader"
