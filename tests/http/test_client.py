"""Urllib3Http against servers that answer as they should."""

import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lti_adapters.http import Urllib3Http
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest

Serve = Callable[..., Any]


def answer(body: bytes = b"{}", status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def answers(*all_of_them: bytes) -> Callable[[socket.socket, bytes], None]:
    """One after the other, and the last one for ever."""
    left = list(all_of_them)

    def script(to: socket.socket, _: bytes) -> None:
        to.sendall(left.pop(0) if len(left) > 1 else left[0])

    return script


def get(url: str, **more: Any) -> HttpRequest:
    return HttpRequest(method="GET", url=url, trusted_url=url, **more)


def test_an_answer_has_status_headers_in_lower_case_and_body(serve: Serve) -> None:
    headers = "Cache-Control: max-age=60\r\nLink: <a>\r\nLINK: <b>\r\nX-Name: caf\xe9\r\n"
    server = serve(
        answers(
            answer(b"gone", "404 Not Found", "").replace(b"\r\n\r\n", b"\r\n" + headers.encode("latin-1") + b"\r\n")
        )
    )
    response = Urllib3Http().send(get(server.url))
    assert (response.status, response.body) == (404, b"gone")
    assert response.headers["cache-control"] == "max-age=60"
    assert response.headers["link"] == "<a>, <b>"
    assert response.headers["x-name"] == "caf\xe9"


def test_a_request_is_sent_as_it_was_given(serve: Serve) -> None:
    server = serve(answers(answer()))
    url = server.url + "?a=1&b=%20x"
    request = HttpRequest(
        method="POST", url=url, headers={"Content-Type": "text/plain", "ACCEPT": "*/*"}, body=b"body", trusted_url=url
    )
    Urllib3Http().send(request)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert head.startswith(b"POST /keys?a=1&b=%20x HTTP/1.1\r\n")
    assert body == b"body"
    assert {b"content-type: text/plain", b"accept: */*", b"content-length: 4"} < set(lines)
    assert {b"user-agent: lti-advantage-tool", b"accept-encoding: gzip, deflate"} < set(lines)
    assert f"host: 127.0.0.1:{server.port}".encode() in lines


def test_a_connection_is_used_again_and_no_thread_is_left_behind(serve: Serve) -> None:
    server, http = serve(answers(answer(b"x" * 100_000))), Urllib3Http()
    http.send(get(server.url))
    threads = set(threading.enumerate())
    for _ in range(300):
        assert http.send(get(server.url)).status == 200
    assert server.connections == 1
    assert set(threading.enumerate()) <= threads


def test_threads_share_one_client(serve: Serve) -> None:
    def echo(to: socket.socket, request: bytes) -> None:
        to.sendall(answer(request.split(b" ")[1]))

    server, http = serve(echo), Urllib3Http()
    paths = [f"/keys/{number}" for number in range(200)]
    root = server.url.removesuffix("/keys")
    with ThreadPoolExecutor(16) as people:
        bodies = list(people.map(lambda path: http.send(get(root + path)).body.decode(), paths))
    assert bodies == paths
    assert server.connections <= 16


def test_a_connection_that_the_server_closed_meanwhile_is_replaced(serve: Serve) -> None:
    closed = threading.Event()

    def once(to: socket.socket, _: bytes) -> bool:
        to.sendall(answer())
        to.shutdown(socket.SHUT_RDWR)
        closed.set()
        return False

    server, http = serve(once), Urllib3Http()
    for _ in range(5):
        assert http.send(get(server.url)).status == 200
        assert closed.wait(5)
        closed.clear()
    assert server.connections == 5


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\n",
    ],
)
def test_an_answer_may_end_with_the_connection(serve: Serve, head: bytes) -> None:
    def script(to: socket.socket, _: bytes) -> bool:
        to.sendall(head + b"keys")
        return False

    server, http = serve(script), Urllib3Http()
    assert [http.send(get(server.url)).body for _ in range(2)] == [b"keys", b"keys"]
    assert server.connections == 2


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_a_packed_answer_is_unpacked(serve: Serve, encoding: str) -> None:
    pack = zlib.compress if encoding == "deflate" else gzip.compress
    body = bytes(range(256)) * 1000
    server = serve(answers(answer(pack(body), headers=f"Content-Encoding: {encoding}\r\n")))
    assert Urllib3Http().send(get(server.url)).body == body


def test_a_chunked_answer_is_put_together(serve: Serve) -> None:
    chunks = b"3\r\nabc\r\n2;extension=1\r\nde\r\n0\r\nTrailer: 1\r\n\r\n"
    server = serve(answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))
    http = Urllib3Http()
    assert [http.send(get(server.url)).body for _ in range(3)] == [b"abcde"] * 3
    assert server.connections == 1


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"abc", "Content-Length: 3\r\n"),
        (b"3\r\nabc\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n"),
    ],
)
def test_the_length_of_an_answer_may_be_told_twice(serve: Serve, body: bytes, headers: str) -> None:
    length = "" if "chunked" in headers else "Content-Length: 3\r\n"
    server = serve(answers(f"HTTP/1.1 200 OK\r\n{length}{headers}\r\n".encode() + body))
    http = Urllib3Http()
    assert [http.send(get(server.url)).body for _ in range(2)] == [b"abc", b"abc"]


def test_headers_of_one_name_are_joined_and_folded_lines_are_one(serve: Serve) -> None:
    server = serve(answers(answer(headers="Link: <a>\r\nlink: <b>;\r\n  rel=next\r\n")))
    assert Urllib3Http().send(get(server.url)).headers["link"] == "<a>, <b>;  rel=next"


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_may_have_no_body(serve: Serve, status: str) -> None:
    server = serve(answers(f"HTTP/1.1 {status}\r\n\r\n".encode()))
    http = Urllib3Http()
    assert [http.send(get(server.url)).body for _ in range(2)] == [b"", b""]


def test_a_body_as_large_as_allowed_is_read(serve: Serve) -> None:
    server = serve(answers(answer(b"x" * 100_000)))
    assert len(Urllib3Http().send(get(server.url, max_bytes=100_000)).body) == 100_000


def test_a_redirect_within_the_origin_is_followed(serve: Serve) -> None:
    absolute = answer(b"", "301 Moved", "Location: {}\r\n")
    server = serve(
        lambda to, request: to.sendall(
            {
                b"/keys": answer(b"", "302 Found", "Location: /a?b=c\r\n"),
                b"/a?b=c": answer(b"", "307 Temporary", "Location: d\r\n"),
                b"/d": absolute.replace(b"{}", f"HTTP://127.0.0.1:{server.port}/e#f".encode()),
                b"/e": answer(b"there"),
            }[request.split(b" ")[1]]
        )
    )
    assert Urllib3Http().send(get(server.url)).body == b"there"


def test_the_environment_has_no_say(serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    proxy, server = serve(answers(answer(b"proxy"))), serve(answers(answer(b"direct", headers="Set-Cookie: a=b\r\n")))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    http = Urllib3Http()
    assert [http.send(get(server.url)).body for _ in range(2)] == [b"direct", b"direct"]
    assert proxy.connections == 0
    assert not any(word in request.lower() for request in server.requests for word in (b"cookie", b"authorization"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X", "a\r\nY: b"),
        ("X", "a\nb"),
        ("X", "a\r\n b"),
        ("X", "\0"),
        ("X", "Ā"),
        ("X:", "a"),
        ("X\r\nY", "a"),
        ("", "a"),
    ],
)
def test_a_header_that_cannot_be_sent_is_refused(serve: Serve, name: str, value: str) -> None:
    server = serve(answers(answer()))
    with pytest.raises(ServiceFailed) as refusal:
        Urllib3Http().send(get(server.url, headers={name: value}))
    assert refusal.value.code == "http.header_refused"
    assert server.connections == 0


def test_a_certificate_that_the_system_trusts_is_good(
    serve: Serve, tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = tls
    server = serve(answers(answer(b"x" * 200_000)), tls=context)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    http = Urllib3Http()
    for _ in range(3):
        assert http.send(get(server.url)).body == b"x" * 200_000
    sent = HttpRequest(method="POST", url=server.url, body=b"y" * 40_000, trusted_url=server.url)
    assert http.send(sent).status == 200
    assert server.connections == 1
