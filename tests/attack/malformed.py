"""What is no request, or hardly one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

_HOST: Final = b"Host: 127.0.0.1\r\n"

TARGETED: Final = (
    b"",
    b"\r\n" * 1000,
    b"\x00" * 4096,
    b"\xff\xfe" * 2048,
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n" + _HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n\r\n",  # no Host
    b"GET / HTTP/1.1\r\n" + _HOST + _HOST + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\nHost: 127.0.0.1\n\n",
    b"GET /%00%0d%0aSet-Cookie:x=1 HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"GET /../../../../etc/passwd HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"GET /static/..%2f..%2fserver.py HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"TRACE / HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"".join(b"X-%d: y\r\n" % number for number in range(3000)) + b"\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"X : y\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b" folded\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"X: \x01\x02\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\n" + _HOST + b"Content-Length: 99999999999999999999\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\n" + _HOST + b"Content-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\n"
    + _HOST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
    b"POST / HTTP/1.1\r\n" + _HOST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    b"POST / HTTP/1.1\r\n" + _HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /api/v1/events?after=" + b"9" * 5000 + b" HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"GET /api/v1/events?after=%ff&limit=\xc3\xa9 HTTP/1.1\r\n" + _HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"Accept-Encoding: " + b"gzip;q=0.1," * 900 + b"\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\n" + _HOST + b"Accept: " + b"application/openmetrics-text;q=a," * 400 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"Authorization: Basic ????\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + _HOST + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    b"GET /-/healthy HTTP/1.1\r\n" + _HOST + b"\r\n" + b"GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 200,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(517),  # a TLS handshake
)
"""Each was somebody's bug."""

_WHOLE: Final = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/plain\r\nAccept-Encoding: gzip\r\n\r\n"


def garbled(random: Random) -> bytes:
    """A request in which a few bytes are others, missing or repeated."""
    text = bytearray(_WHOLE)
    for _ in range(random.randint(1, 8)):
        place = random.randrange(len(text))
        match random.randrange(3):
            case 0:
                text[place] = random.randrange(256)
            case 1:
                del text[place]
            case _:
                text[place:place] = text[place : place + 40] * random.randint(1, 50)
    return bytes(text)
