"""Network settings of the environment: the Hub's address, proxies, certificates.

Each is looked at before anything is asked, so that a mistake in one is a line that names it, at once.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import ssl
from pathlib import Path
from urllib.request import getproxies

from tui.explain import reason_of
from tui.files import unfitness
from tui.text import safe_line
from tui.weights.errors import UnreachableError
from tui.weights.hub.endpoint import address_of, endpoint_mistake, shown_address

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_SOCKS = ("socks4", "socks4a", "socks5", "socks5h")


def require_endpoint() -> None:
    """Raises UnreachableError, as the others do: asking again cannot help."""
    if mistake := endpoint_mistake():
        raise UnreachableError(mistake)


def require_proxies() -> None:
    for scheme, value in getproxies().items():
        if scheme not in ("http", "https", "all") or not value:
            continue
        name = variable_of_proxy(scheme)
        address = address_of(value if "://" in value else f"http://{value}")
        if address is None:
            raise UnreachableError(_no_proxy(name, value))
        if address.scheme in _SOCKS:
            _require_socks(name, value, address.scheme)
        elif address.scheme not in ("http", "https"):
            raise UnreachableError(_no_proxy(name, value))


def proxy_of(scheme: str) -> str:
    """The variable that names a proxy for such addresses, and its value; empty where none does."""
    proxies = getproxies()
    used = next((each for each in (scheme, "all") if proxies.get(each)), "")
    return f"{variable_of_proxy(used)} ({shown_address(proxies[used])})" if used else ""


def variable_of_proxy(scheme: str) -> str:
    names = (f"{scheme}_proxy", f"{scheme.upper()}_PROXY")
    return next((name for name in names if os.environ.get(name)), f"the {scheme} proxy of the system")


def certificates() -> ssl.SSLContext | bool:
    """Certificates of the first variable that names some; True for the system's. Raises UnreachableError."""
    for name in _CERTIFICATES:
        if value := os.environ.get(name):
            return _certificates_in(name, value)
    return True


@functools.lru_cache(maxsize=4)
def _certificates_in(name: str, value: str) -> ssl.SSLContext:
    told = f"{name} is {safe_line(value)}"
    mend = "name one with certificates, or unset it"
    try:
        if any(Path(each).is_dir() for each in value.split(os.pathsep)):
            return ssl.create_default_context(capath=value)
        if name == "SSL_CERT_DIR":
            raise UnreachableError(f"{told}: there is no such folder; {mend}")
        if problem := unfitness(Path(value)):
            raise UnreachableError(f"{told}: {problem}; {mend}")
        return ssl.create_default_context(cafile=value)
    except ssl.SSLError as error:
        raise UnreachableError(f"{told}: there are no certificates in it; {mend}") from error
    except OSError as error:
        raise UnreachableError(f"{told}: {reason_of(error)}; {mend}") from error
    except ValueError as error:
        raise UnreachableError(f"{told}: {safe_line(str(error))}; {mend}") from error


def _require_socks(name: str, value: str, scheme: str) -> None:
    if scheme.startswith("socks4"):
        raise UnreachableError(_no_proxy(name, value))
    if importlib.util.find_spec("socksio") is None:
        raise UnreachableError(
            f"{name} is {shown_address(value)}: a SOCKS proxy needs one more package: "
            "pip install 'httpx2[socks]'"
        )


def _no_proxy(name: str, value: str) -> str:
    return f"{name} is {shown_address(value)}, which is no address of a proxy: unset it, or write http://HOST:PORT"
