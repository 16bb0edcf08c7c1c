"""Answers of servers that are broken, or up to something: (what it is, which request gets it, the answer)."""

from __future__ import annotations

import gzip
import json
import struct
import zlib

from raw_server import endless, head, trickling

CONTENT = b"GGUF" + bytes(range(256)) * 200
ETAG = f'"{"a" * 40}"'
COMMIT = "0123456789abcdef0123456789abcdef01234567"
REFUSALS = (
    *(400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414, 415, 418, 421, 422, 423, 425, 426),
    *(428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599, 600, 999),
)
GOOD_HEAD = {"Content_Length": str(len(CONTENT)), "ETag": ETAG, "X_Repo_Commit": COMMIT}
_BOMB = gzip.compress(bytes(40_000_000))


def good() -> dict[str, object]:
    listed = {"sha": COMMIT, "siblings": [_file("config.json"), _file("model.safetensors")]}
    return {"HEAD": head(**GOOD_HEAD), "GET": head(**GOOD_HEAD) + CONTENT, "API": api(listed)}


def api(what: object, **headers: str) -> bytes:
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    return head(Content_Length=str(len(body)), **headers) + body


def _file(name: object, size: object = len(CONTENT), **more: object) -> dict[str, object]:
    return {"rfilename": name, "size": size} | more


def all_answers():
    yield from _refusals()
    yield from _redirects()
    yield from _heads()
    yield from _bodies()
    yield from _lists()
    yield from _no_http()


def _refusals():
    for status in REFUSALS:
        for kind in ("GET", "API"):
            yield f"{status} with an endless body", kind, endless(head(f"{status} No"))
        yield f"{status}", "HEAD", head(f"{status} No", Content_Length="0")
    for code in ("GatedRepo", "RepoNotFound", "EntryNotFound", "RevisionNotFound", "\x1b[31m", "x" * 9000):
        yield f"code {code[:20]!r}", "HEAD", head("404 No", X_Error_Code=code)
    yield "a reason that steers", "HEAD", head("500 \x1b]0;x\x07", Content_Length="0")
    yield "a warning", "HEAD", head("404 No", X_HF_Warning="x; \x9b31m")
    for body in (b"[]", b"null", b"1", b'{"error": {"a": 1}}', b"[" * 50_000, b'{"errors": [1]}', b"\xff"):
        yield f"refused with {body[:10]!r}", "API", head("404 No", Content_Length=str(len(body))) + body
    for wait in (
        *(
            "²",
            "-5",
            "1e9",
            "99999999999999",
            "9" * 5000,
            "Wed, 21 Oct 1815 07:28:00 GMT",
            "٣",
            "",
            " ",
            "0x10",
        ),
        *(
            "Wed, 21 Oct 2915 07:28:00 GMT",
            "Wed, 99 Foo 2015 99:99:99 GMT",
            "tomorrow",
            "1.5",
            "+3",
            "nan",
            "inf",
        ),
    ):
        told = wait.encode("utf-8").decode("latin-1")
        yield f"Retry-After {wait[:30]}", "HEAD", head("429 No", Retry_After=told)
    yield "ratelimit", "GET", head("429 No", ratelimit=f'"api";r=0;t={"9" * 5000}')


def _redirects():
    places = (
        *(
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "gopher://x",
            "//",
            "",
            "http://[",
            "http://127.0.0.1:99999/",
        ),
        *(
            "javascript:alert(1)",
            "data:,x",
            "http://127.0.0.1:9/",
            "/" + "x" * 8000,
            "http://\x01/",
            "?",
            "#",
        ),
        *("http://..", "http:///x", "\\\\server\\share", "http://user:pw@127.0.0.1:9/", "http://é/"),
    )
    for place in places:
        for kind in ("HEAD", "GET", "API"):
            yield f"to {place[:30]!r}", kind, head("302 Found", Location=place, Content_Length="0")
    for status in (300, 301, 302, 303, 304, 305, 306, 307, 308):
        yield f"{status} in a circle", "HEAD", head(f"{status} On", Location="/a/b", Content_Length="0")
        yield f"{status} with an endless body", "GET", endless(head(f"{status} On", Location="/a/b"))
        yield (
            f"{status} with an endless body",
            "API",
            endless(head(f"{status} On", Location="/api/models/a/b")),
        )
    yield "nowhere", "HEAD", head("302 Found", Content_Length="0")


def _heads():
    for size in (
        "-1",
        "²",
        "1e9",
        "9" * 30,
        "0x10",
        "1,000",
        "5, 5",
        "NaN",
        "",
        "+5",
        "0",
        "9007199254740993",
    ):
        told = size.encode("utf-8").decode("latin-1")
        yield f"linked size {size}", "HEAD", head(**GOOD_HEAD | {"X_Linked_Size": told})
        yield f"length {size}", "HEAD", head(**GOOD_HEAD | {"Content_Length": told})
    for etag in (None, "", '"', '""', "W/", 'W/"x"', "x" * 300, '"\xe9"', '"a b"', "\x00", "../../x"):
        yield f"etag {etag!r}"[:40], "HEAD", head(**GOOD_HEAD | {"ETag": etag})
        yield f"etag {etag!r}"[:40], "GET", head(**GOOD_HEAD | {"ETag": etag}) + CONTENT
    for commit in ("../..", "x" * 40, "%2e%2e", "\xff" * 40):
        yield f"commit {commit[:9]!r}", "HEAD", head(**GOOD_HEAD | {"X_Repo_Commit": commit})


def _bodies():
    yield "endless without a length", "GET", endless(head(ETag=ETAG))
    yield (
        "endless, chunked",
        "GET",
        endless(head(ETag=ETAG, Transfer_Encoding="chunked"), b"1000\r\n" + b"x" * 4096 + b"\r\n"),
    )
    yield "packed", "GET", head(ETag=ETAG, Content_Encoding="gzip", Content_Length=str(len(_BOMB))) + _BOMB
    yield "a trickle", "GET", trickling(head(**GOOD_HEAD))
    yield "nothing after the head", "GET", trickling(head(**GOOD_HEAD), b"")
    for length in ("1", str(len(CONTENT) - 1), str(len(CONTENT) + 1), "9" * 15, "0"):
        yield f"of {length} bytes", "GET", head(**GOOD_HEAD | {"Content_Length": length}) + CONTENT
    for status in ("201 Made", "202 Later", "203 Other", "204 Nothing", "205 Reset", "206 Part", "226 IM"):
        yield status, "GET", head(status, ETag=ETAG) + CONTENT
    for coding in ("gzip", "deflate", "br", "zstd", "gzip, gzip, gzip", "x"):
        packed = zlib.compress(bytes(40_000_000)) if coding == "deflate" else _BOMB
        yield f"404 packed as {coding}", "GET", head("404 No", Content_Encoding=coding) + packed
        yield f"a list packed as {coding}", "API", api(packed, Content_Encoding=coding)


def _lists():
    for body in (
        *(b"", b"[]", b"null", b"1", b"true", b'"x"', b"{}", b"{", b"\xff\xfe", b"\xef\xbb\xbf{}", b"NaN"),
        *(
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b'{"siblings": ' + b"[" * 100_000,
            b'{"x": ' + b"9" * 100_000 + b"}",
        ),
    ):
        yield f"{body[:14]!r}", "API", api(body)
    for siblings in (None, {}, "x", 1, [None], [1], [[]], [{}], ["model.safetensors"]):
        yield f"siblings {siblings}", "API", api({"sha": COMMIT, "siblings": siblings})
    for name in (
        *(
            None,
            1,
            "",
            "../model.safetensors",
            "/etc/model.json",
            "C:\\model.safetensors",
            "model\0.safetensors",
        ),
        *(
            "model\n.safetensors",
            "model" + "x" * 5000 + ".safetensors",
            "model\ud800.safetensors",
            "..",
            "model/..json",
        ),
        *("model:stream.safetensors", "model\\..\\..\\x.safetensors", "model\x1b[31m.safetensors"),
    ):
        yield f"name {str(name)[:24]!r}", "API", api({"sha": COMMIT, "siblings": [_file(name)]})
    for size in (None, -1, "5", "x", 1.5, True, [], {}, 2**53 + 1, 2**63, 2**64, 10**30, 1e300):
        listed = [_file("config.json", size), _file("model.safetensors", size)]
        yield f"size {size}", "API", api({"sha": COMMIT, "siblings": listed})
    yield "size NaN", "API", api(b'{"siblings": [{"rfilename": "model.safetensors", "size": NaN}]}')
    for large in (
        [],
        {},
        1,
        {"sha256": None},
        {"sha256": "zz"},
        {"sha256": "A" * 64},
        {"sha256": "a" * 65},
        {"sha256": 1},
    ):
        listed = [_file("config.json"), _file("model.safetensors", lfs=large)]
        yield f"lfs {str(large)[:20]}", "API", api({"sha": COMMIT, "siblings": listed})
    for sha in (1, "../..", "x", "A" * 40, [], "é"):
        yield f"sha {sha}", "API", api({"sha": sha, "siblings": [_file("model.safetensors")]})
    many = [_file(f"model-{number}.safetensors") for number in range(10_000)]
    yield "10,000 files", "API", api({"sha": COMMIT, "siblings": [*many, _file("x.txt", 2**50)]})
    yield (
        "an endless list",
        "API",
        endless(head() + b'{"siblings": [', b'{"rfilename": "x", "size": 1},' * 2000),
    )
    yield "an endless number", "API", endless(head() + b'{"a": ', b"9" * 65536)
    yield "a list that trickles", "API", trickling(head() + b'{"siblings": [')


def _no_http():
    for kind in ("HEAD", "GET", "API"):
        for nonsense in (
            *(
                b"",
                b"\r\n",
                b"x",
                b"HTTP/1.1",
                b"HTTP/1.1 200",
                b"HTTP/9.9 200 OK\r\n\r\n",
                b"ICY 200 OK\r\n\r\n",
            ),
            *(b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nx\r\n\r\n", b"HTTP/1.1 200 OK\r\n: x\r\n\r\n"),
            *(
                b"\x16\x03\x01\x02\x00",
                b"<html>",
                struct.pack("<Q", 1),
                b"HTTP/1.1 101 Other\r\nUpgrade: x\r\n\r\n",
            ),
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nx",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        ):
            yield f"{nonsense[:24]!r}", kind, nonsense
        yield "headers without end", kind, endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 8000 + b"\r\n")
        yield "one header without end", kind, endless(b"HTTP/1.1 200 OK\r\nX: ")
        yield "100 Continue without end", kind, endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)
        yield "headers that trickle", kind, trickling(b"HTTP/1.1 200 OK\r\nX: ")
