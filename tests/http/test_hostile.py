"""Urllib3Http against servers that want to keep a tool busy: each time one code, in bounded time and room."""

import gzip
import itertools
import json
import random
import socket
import ssl
import threading
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from lti_adapters.http import Urllib3Http
from lti_adapters.http.patience import Patience, PatientSocket
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest

Serve = Callable[..., Any]
MOODLE = Path(__file__).parent.parent / "data" / "moodle-4.5"
HEAD = b"HTTP/1.1 200 OK\r\n"


def drips(server: list[Any], begin: bytes, drop: Callable[[int], bytes]) -> Callable[[socket.socket, bytes], bool]:
    """Sends `begin`, then a drop every now and then, until the test is over."""

    def script(to: socket.socket, _: bytes) -> bool:
        to.sendall(begin)
        for number in itertools.count():
            if server[0].closing.wait(0.02):
                return False
            to.sendall(drop(number))
        return False

    return script


def refused(url: str, http: Urllib3Http | None = None, **more: Any) -> ServiceFailed:
    request = HttpRequest(**{"method": "GET", "url": url, "trusted_url": url, **more})
    with pytest.raises(ServiceFailed) as failure:
        (http or Urllib3Http(total=10)).send(request)
    assert "secret" not in f"{failure.value!r} {failure.value}"
    return failure.value


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"", lambda _: b""),
        (b"", lambda number: HEAD[number : number + 1] or b"x"),
        (HEAD, lambda number: f"X-{number % 90}: a\r\n".encode() if number < 90 else b"x"),
        (b"", lambda _: b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD + b"Content-Length: 100000\r\n\r\n", lambda _: b"x"),
        (HEAD + b"\r\n", lambda _: b"x"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", lambda _: b"1\r\nx\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", lambda _: b"0"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n", lambda _: gzip.compress(b"")),
    ],
    ids=[
        "silence",
        "status",
        "headers",
        "continue",
        "length",
        "to the end",
        "chunks",
        "chunk size",
        "empty gzip members",
    ],
)
def test_a_drip_ends_with_the_whole_time(serve: Serve, begin: bytes, drop: Callable[[int], bytes]) -> None:
    holder: list[Any] = []
    holder.append(serve(drips(holder, begin, drop)))
    assert refused(holder[0].url + "?secret", total=0.3).code == "http.timeout"


def test_redirects_share_the_whole_time(serve: Serve) -> None:
    holder: list[Any] = []

    def slow_redirect(to: socket.socket, _: bytes) -> None:
        holder[0].closing.wait(0.2)
        to.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /again\r\n\r\n")

    holder.append(serve(slow_redirect))
    assert refused(holder[0].url, total=0.3).code == "http.timeout"


def test_silence_ends_with_the_time_between_bytes(serve: Serve) -> None:
    server = serve(lambda to, _: to.sendall(HEAD + b"Content-Length: 5\r\n\r\nab"))
    assert refused(server.url, Urllib3Http(read=0.1, total=200)).code == "http.timeout"


def test_the_time_of_the_client_holds_when_the_request_has_none(serve: Serve) -> None:
    server = serve(lambda to, _: to.sendall(HEAD))
    assert refused(server.url, Urllib3Http(total=0.1)).code == "http.timeout"


def test_a_body_that_is_not_taken_ends_with_the_whole_time(serve: Serve) -> None:
    server = serve(lambda to, _: server.closing.wait(30) and False, takes_bodies=False)
    failure = refused(server.url, method="POST", body=b"x" * 50_000_000, total=0.3)
    assert failure.code == "http.timeout"


def test_a_handshake_that_never_ends_is_given_up(serve: Serve) -> None:
    listener = socket.create_server(("127.0.0.1", 0))  # accepts, and says nothing
    with listener:
        assert refused(f"https://127.0.0.1:{listener.getsockname()[1]}/", total=0.3).code == "http.timeout"


def test_an_answer_under_tls_that_drips_ends_with_the_whole_time(
    serve: Serve, tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    holder: list[Any] = []
    holder.append(serve(drips(holder, HEAD, lambda number: f"X-{number}: a\r\n".encode()), tls=context))
    assert refused(holder[0].url, total=0.5).code == "http.timeout"


def endless(head: bytes, piece: bytes) -> Callable[[socket.socket, bytes], bool]:
    def script(to: socket.socket, _: bytes) -> bool:
        to.sendall(head)
        for _ in range(50 * 1024 * 1024 // len(piece) + 1):
            to.sendall(piece)
        return False

    return script


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (HEAD + b"Content-Length: 52428800\r\n\r\n", b"x" * 65536),
        (HEAD + b"\r\n", b"x" * 65536),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"),
    ],
)
def test_fifty_megabytes_are_not_read(serve: Serve, head: bytes, piece: bytes) -> None:
    server = serve(endless(head, piece))
    failure = refused(server.url, max_bytes=100_000)
    assert (failure.code, failure.expected) == ("http.response_too_large", 100_000)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_stopped_before_it_takes_room(serve: Serve, encoding: str) -> None:
    pack = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    bomb = b"".join(pack.compress(b"\0" * 1_000_000) for _ in range(200)) + pack.flush()
    head = HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    server, http = serve(lambda to, _: to.sendall(head + bomb)), Urllib3Http(total=60)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        failure = refused(server.url, http, max_bytes=200_000)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert failure.code == "http.response_too_large"
    assert peak < 4_000_000


def test_an_answer_that_is_packed_twice_is_left_as_it_is(serve: Serve) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 10_000_000))
    head = HEAD + f"Content-Encoding: gzip, gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    server = serve(lambda to, _: to.sendall(head + bomb))
    response = Urllib3Http().send(HttpRequest(method="GET", url=server.url, trusted_url=server.url))
    assert response.body == bomb


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "http.response_malformed"),
        (b"HTTP/1.1 0 Nothing\r\n\r\n", "http.response_malformed"),
        (b"HTTP/1.1 abc\r\n\r\n", "http.response_malformed"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", "http.response_malformed"),
        (b"HTTP/9.1 200 OK\r\n\r\n", "http.response_malformed"),
        (b"\xff\xfe\0\r\n\r\n", "http.response_malformed"),
        (b"x" * 100_000, "http.response_malformed"),
        (HEAD + b"X: " + b"x" * 100_000, "http.response_malformed"),
        (HEAD + b"X: y\r\n" * 200 + b"\r\n", "http.response_malformed"),
        (HEAD + b"Content-Length: 1, 2\r\n\r\nab", "http.response_malformed"),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "http.response_malformed"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\nno gzip", "http.response_malformed"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", "http.unreachable"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", "http.unreachable"),
        (HEAD + b"Content-Length: 5\r\n\r\nab", "http.unreachable"),
        (b"", "http.unreachable"),
        (HEAD[:5], "http.response_malformed"),
    ],
)
def test_what_is_not_http_is_said_to_be_so(serve: Serve, wrong: bytes, code: str) -> None:
    def script(to: socket.socket, _: bytes) -> bool:
        to.sendall(wrong)
        return False

    assert refused(serve(script).url).code == code


@pytest.mark.parametrize("seed", range(60))
def test_noise_never_breaks_out(serve: Serve, seed: int) -> None:
    chance = random.Random(seed)
    good = HEAD + b"Content-Type: a\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n14\r\n"
    noise = bytearray(good + gzip.compress(b"{}") + b"\r\n0\r\n\r\n")
    for _ in range(chance.randrange(1, 8)):
        noise[chance.randrange(len(noise))] = chance.randrange(256)

    def script(to: socket.socket, _: bytes) -> bool:
        to.sendall(noise)
        return False

    url = serve(script).url
    try:
        Urllib3Http().send(HttpRequest(method="GET", url=url, trusted_url=url))
    except ServiceFailed as failure:
        assert failure.code.startswith("http.")  # noqa: PT017  # both ways are good


def test_nobody_there_is_said_so(refusing_port: int) -> None:
    failure = refused(f"http://127.0.0.1:{refusing_port}/keys?secret")
    assert (failure.code, failure.found) == ("http.unreachable", f"http://127.0.0.1:{refusing_port}/keys")


def test_a_certificate_that_the_platform_made_itself_is_refused(serve: Serve, tls: tuple[ssl.SSLContext, Path]) -> None:
    server = serve(lambda to, _: to.sendall(HEAD + b"\r\n"), tls=tls[0])
    failure = refused(server.url)
    assert failure.code == "http.unreachable"
    assert "certificate" in failure.message
    assert server.requests == []


def test_a_certificate_of_another_host_is_refused(
    serve: Serve, tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    server = serve(lambda to, _: to.sendall(HEAD + b"\r\n"), tls=context, host="127.0.0.2")
    failure = refused(f"https://127.0.0.2:{server.port}/")
    assert failure.code == "http.unreachable"
    assert server.requests == []


def test_what_does_not_speak_tls_is_unreachable() -> None:
    def garbage(listener: socket.socket) -> None:
        with listener.accept()[0] as accepted:
            accepted.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=garbage, args=(listener,), daemon=True).start()
        assert refused(f"https://127.0.0.1:{listener.getsockname()[1]}/").code == "http.unreachable"


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "https://127.0.0.1/",
        "//evil.example/",
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://[::1",
        "http://user@127.0.0.1/",
        "javascript:alert(1)",
        "http:\\\\evil.example",
        "",
    ],
)
def test_a_redirect_elsewhere_is_refused(serve: Serve, location: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n".encode()
    server = serve(lambda to, _: to.sendall(head))
    assert refused(server.url).code == "http.redirect_refused"


def test_a_redirect_without_a_place_is_refused(serve: Serve) -> None:
    server = serve(lambda to, _: to.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"))
    assert refused(server.url).code == "http.redirect_refused"


def test_redirects_in_a_circle_are_refused(serve: Serve) -> None:
    server = serve(lambda to, _: to.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /keys\r\n\r\n"))
    assert refused(server.url).code == "http.redirect_refused"
    assert len(server.requests) == 4


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_changes_something_is_not_redirected(serve: Serve, method: str, status: int) -> None:
    head = f"HTTP/1.1 {status} Moved\r\nContent-Length: 0\r\nLocation: /there\r\n\r\n".encode()
    server = serve(lambda to, _: to.sendall(head))
    assert refused(server.url, method=method, body=b"x").code == "http.redirect_refused"
    assert len(server.requests) == 1


def test_what_a_socket_holds_leaves_in_one_piece() -> None:
    ours, theirs = socket.socketpair()
    with theirs, PatientSocket(fileno=ours.detach()) as patient:
        patient.patience = Patience(until=monotonic() + 10, read=5)
        patient.hold()
        patient.sendall(b"head ")
        patient.sendall(b"body")
        theirs.settimeout(0)
        with pytest.raises(BlockingIOError):
            theirs.recv(100)
        patient.release()
        assert theirs.recv(100) == b"head body"


def test_what_a_socket_holds_is_not_sent_when_the_time_is_over() -> None:
    ours, theirs = socket.socketpair()
    with theirs, PatientSocket(fileno=ours.detach()) as patient:
        patient.patience = Patience(until=monotonic(), read=5)
        patient.hold()
        patient.sendall(b"head")
        with pytest.raises(TimeoutError):
            patient.release()


def status_lines() -> list[str]:
    """What a real Moodle 4.5 answered that is no valid HTTP: the status code 0."""
    exchanges = [
        one
        for file in ("ags-line-items", "ags-scores-results")
        for one in json.loads((MOODLE / f"{file}.json").read_text())["exchanges"]
    ]
    answers = [one["response"] for one in exchanges if one["response"]]
    return [answer["status_line"] for answer in answers if not answer["status"]]


def test_moodle_answered_without_a_status_three_times() -> None:
    assert len(status_lines()) == 3


@pytest.mark.parametrize("line", status_lines())
def test_a_recorded_answer_without_a_status_is_refused(serve: Serve, line: str) -> None:
    def script(to: socket.socket, _: bytes) -> bool:
        to.sendall(f"{line}\r\nContent-Type: application/json\r\n\r\n{{}}".encode())
        return False

    url = serve(script).url
    with pytest.raises(ServiceFailed) as failure:
        Urllib3Http().send(HttpRequest(method="POST", url=url, body=b"{}", trusted_url=url))
    assert failure.value.code == "http.response_malformed"
