"""A mistake in what the environment says of the network is a line that names it, before anything is asked."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from huggingface_hub import constants

from tui.catalogue.model import Source
from tui.errors import WeightsError
from tui.weights.fetching.fetch import fetch
from tui.weights.hub import endpoint
from tui.weights.hub.environment import _certificates_in

from .quick import Unhurried, model_of

SOURCE = Source(repo="someone/some-gguf", file="some.gguf")
CONTENT = b"GGUF" + bytes(range(256)) * 200
OURS = Path(__file__).with_name("loopback.pem")
"""A certificate that nobody knows, for 127.0.0.1, and its key."""


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    """Without what the machine's own environment says."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    _certificates_in.cache_clear()


@pytest.fixture
def with_tls(hub, monkeypatch):
    """The Hub, with the certificate that nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(OURS)
    hub._server.socket = context.wrap_socket(hub._server.socket, server_side=True)
    url = hub.url.replace("http:", "https:")
    monkeypatch.setattr(constants, "ENDPOINT", url)
    template = url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    return hub


def fetched():
    return list(fetch(model_of(SOURCE), control=Unhurried()))[-1]


def failure() -> str:
    control = Unhurried()
    with pytest.raises(WeightsError) as raised:
        list(fetch(model_of(SOURCE, SOURCE), control=control))
    assert control.waits == []
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "pip install 'httpx2[socks]'"),
        ("HTTPS_PROXY", "socks5h://127.0.0.1:9", "pip install 'httpx2[socks]'"),
        ("HTTPS_PROXY", ":::", "which is no address of a proxy"),
        ("https_proxy", "http://", "which is no address of a proxy"),
        ("HTTP_PROXY", "gopher://x", "write http://HOST:PORT"),
        ("ALL_PROXY", "http://user:secret@host:port", "no address of a proxy"),
        ("HTTP_PROXY", "http://user:secret@127.0.0.1:9", "cannot be reached through the proxy of HTTP_PROXY"),
        ("SSL_CERT_FILE", "/nonexistent.pem", "there is no such file or folder; name one with certificates"),
        ("SSL_CERT_FILE", __file__, "there are no certificates in it"),
        ("SSL_CERT_DIR", "/nonexistent", "there is no such folder"),
        ("REQUESTS_CA_BUNDLE", "/nonexistent.pem", "there is no such file or folder"),
        ("CURL_CA_BUNDLE", "/dev/zero", "not a regular file"),
    ],
)
def test_it_is_named_with_what_to_do(hub, monkeypatch, variable, value, expected):
    monkeypatch.setenv(variable, value)
    line = failure()
    assert variable in line
    assert expected in line
    assert "secret" not in line
    assert hub.requests == []


@pytest.mark.parametrize(
    "value", ["host:port", "", "ftp://x", "https://a b", "https://x:99999", "http://[", "http://"]
)
def test_an_address_that_is_none_is_put_aside_before_huggingface_hub_reads_it(hub, monkeypatch, value):
    monkeypatch.setattr(endpoint, "_put_aside", [])
    monkeypatch.setenv("HF_ENDPOINT", value)
    endpoint.put_aside()
    assert "HF_ENDPOINT" not in endpoint.os.environ
    assert failure().endswith("which is no address of a Hub: unset it, or write https://HOST")
    assert hub.requests == []


@pytest.mark.parametrize("value", ["https://hf-mirror.com", "http://127.0.0.1:8080/", "https://host/path"])
def test_an_address_that_is_one_stays(monkeypatch, value):
    monkeypatch.setattr(endpoint, "_put_aside", [])
    monkeypatch.setenv("HF_ENDPOINT", value)
    endpoint.put_aside()
    assert endpoint.endpoint_mistake() == ""
    assert endpoint.os.environ["HF_ENDPOINT"] == value


def test_a_certificate_that_nobody_knows_is_said_with_where_to_put_it(with_tls):
    line = failure()
    assert line.startswith("127.0.0.1 cannot be trusted (self-signed certificate")
    assert line.endswith("set SSL_CERT_FILE to its certificates")
    assert with_tls.requests == []


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_that_is_named_is_trusted(with_tls, monkeypatch, variable):
    monkeypatch.setenv(variable, str(OURS))
    assert fetched().verified
