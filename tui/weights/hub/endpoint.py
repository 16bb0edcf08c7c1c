"""The Hub's address, as HF_ENDPOINT has it.

huggingface_hub takes it apart while it is imported, and cannot be imported where it is none. So it is looked
at before, put aside where it makes no sense, and named in the error of whoever asks the Hub.
"""

from __future__ import annotations

import os
import re
from urllib.parse import SplitResult, urlsplit

from tui.text import safe_line

_NUMBERS = ("HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT")
_put_aside: list[str] = []


def put_aside() -> None:
    endpoint = os.environ.get("HF_ENDPOINT")
    if endpoint is not None and not _is_of_a_hub(endpoint):
        _put_aside.append(os.environ.pop("HF_ENDPOINT"))
    for name in _NUMBERS:
        if not re.fullmatch(r"[0-9]{1,9}", os.environ.get(name, "0")):
            del os.environ[name]  # it waits so long, we do not: `Patience` says how long


def endpoint_mistake() -> str:
    """One line; empty where the address is one."""
    if not _put_aside:
        return ""
    told = shown_address(_put_aside[-1]) or "empty"
    return f"HF_ENDPOINT is {told}, which is no address of a Hub: unset it, or write https://HOST"


def address_of(value: str) -> SplitResult | None:
    """The address; None for what is no address with a host."""
    try:
        address = urlsplit(value)
        usable = bool(address.hostname) and (address.port is None or address.port > 0)
    except ValueError:
        return None
    return address if usable and re.fullmatch(r"[\x21-\x7e]+", value) and ".." not in address.netloc else None


def shown_address(value: str) -> str:
    """The address without the password in it, if it has one."""
    return safe_line(re.sub(r"(?<=//)[^/]*@|^[^/]*@", "…@", value))[:120]


def _is_of_a_hub(value: str) -> bool:
    address = address_of(value)
    if address is None or address.scheme not in ("http", "https"):
        return False
    return not (address.query or address.fragment)
