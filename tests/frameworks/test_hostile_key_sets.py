"""A tool whose platform answers the request for its key set as a hostile server would."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest
from attrs import evolve

from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.variation import Variation
from tests.fakes import TOOL_PEM
from tests.frameworks.sites import SITES, Site
from tests.frameworks.steps import JSON, KEY, code_of

MIB = 1024 * 1024
GOOD = json.dumps({"keys": [dict(KEY.public)]}).encode()
Script = Callable[[socket.socket, Event], None]


class Hostile:
    """Reads what it is sent, and answers by its script. `asked` is set when somebody asks, `over` at the end."""

    def __init__(self, script: Script) -> None:
        self.asked, self.over, self._script = Event(), Event(), script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.over.set()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                Thread(target=self._answer, args=(self._listener.accept()[0],), daemon=True).start()

    def _answer(self, accepted: socket.socket) -> None:
        with accepted, suppress(OSError):
            accepted.recv(MIB)
            self.asked.set()
            self._script(accepted, self.over)


@pytest.fixture
def site() -> Site:
    """How key sets are fetched does not depend on the framework."""
    return SITES["flask"]


@pytest.fixture
def hostile() -> Iterator[Callable[[Script], Hostile]]:
    servers: list[Hostile] = []

    def start(script: Script) -> Hostile:
        servers.append(Hostile(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def tool(serve: Callable[..., SimulatedPlatform]) -> Callable[[str], SimulatedPlatform]:
    """Serves a tool that fetches the platform's keys from an address."""

    def start(key_set_url: str) -> SimulatedPlatform:
        config = {"http": {"connect": 1.0, "read": 1.0}}
        return serve(config=config, registration={"key_set": None, "key_set_url": key_set_url})

    return start


def answering(body: bytes, status: bytes = b"200 OK", *headers: bytes) -> Script:
    """Answers at once."""
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), b"Connection: close", *headers)
    return lambda accepted, over: accepted.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)


def silent(accepted: socket.socket, over: Event) -> None:
    """Takes the request, and says nothing."""
    over.wait()


def dripping(accepted: socket.socket, over: Event) -> None:
    """A byte now and then, for ever: never a silence that is long enough to be noticed."""
    accepted.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.2):
        accepted.sendall(b"X")


def dripping_a_body(accepted: socket.socket, over: Event) -> None:
    """The same, after the headers."""
    accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.2):
        accepted.sendall(b" ")


def fifty_megabytes(accepted: socket.socket, over: Event) -> None:
    """More than anybody should read."""
    accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (50 * MIB))
    for _ in range(50):
        accepted.sendall(b" " * MIB)


def endless_headers(accepted: socket.socket, over: Event) -> None:
    """One header after the other."""
    accepted.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.is_set():
        accepted.sendall(b"X-More: " + b"x" * 60_000 + b"\r\n")


BOMB = gzip.compress(b" " * (50 * MIB))
DEEP = b'{"keys":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
HUGE = json.dumps({"keys": [{"kty": "RSA", "kid": KEY.kid, "n": "A" * 500_000, "e": "AQAB"}]}).encode()
SECRET = json.dumps({"keys": [{"kty": "oct", "kid": KEY.kid, "k": "c2VjcmV0"}]}).encode()
SCRIPTS = {
    "silent": (silent, "launch.key_set_unavailable"),
    "dripping": (dripping, "launch.key_set_unavailable"),
    "dripping a body": (dripping_a_body, "launch.key_set_unavailable"),
    "50 MB": (fifty_megabytes, "launch.key_set_unavailable"),
    "endless headers": (endless_headers, "launch.key_set_unavailable"),
    "a gzip bomb": (answering(BOMB, b"200 OK", b"Content-Encoding: gzip"), "launch.key_set_unavailable"),
    "half of an answer": (lambda accepted, over: accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
                          "launch.key_set_unavailable"),
    "nothing at all": (lambda accepted, over: None, "launch.key_set_unavailable"),
    "no HTTP": (lambda accepted, over: accepted.sendall(b"\x16\x03\x01\x00\xff" * 99), "launch.key_set_unavailable"),
    "not found": (answering(b"not here", b"404 Not Found"), "launch.key_set_unavailable"),
    "good keys with status 500": (answering(GOOD, b"500 Oops"), "launch.key_set_unavailable"),
    "a page": (answering(b"<!doctype html><title>Log in</title>"), "launch.key_set_malformed"),
    "a list": (answering(b"[]"), "launch.key_set_malformed"),
    "nested deeply": (answering(DEEP), "launch.key_set_malformed"),
    "no text": (answering(b"\xff\xfe\x00"), "launch.key_set_malformed"),
    "no keys": (answering(b'{"keys": []}'), "launch.key_not_found"),
    "a huge key": (answering(HUGE), "launch.key_not_found"),
    "a secret as key": (answering(SECRET), "launch.key_not_found"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_launch_comes_back_and_is_refused_when_the_key_set_is(
    name: str, tool: Callable[[str], SimulatedPlatform], hostile: Callable[[Script], Hostile]
) -> None:
    script, code = SCRIPTS[name]
    server = hostile(script)
    platform = tool(f"{server.origin}/keys")
    page = platform.launch(HttpClient(platform.tool_url), accept=JSON)
    assert server.asked.is_set()
    assert (page.status, code_of(page)) == (400, code)


def test_a_good_key_set_is_fetched(tool: Callable[[str], Any], hostile: Callable[[Script], Hostile]) -> None:
    platform = tool(f"{hostile(answering(GOOD)).origin}/keys")
    assert platform.launch(HttpClient(platform.tool_url)).status == 200


def test_a_key_set_that_redirects_elsewhere_is_not_followed(
    tool: Callable[[str], SimulatedPlatform], hostile: Callable[[Script], Hostile]
) -> None:
    elsewhere = hostile(answering(GOOD))
    location = b"Location: " + elsewhere.origin.encode() + b"/keys"
    platform = tool(f"{hostile(answering(b'', b'302 Found', location)).origin}/keys")
    page = platform.launch(HttpClient(platform.tool_url), accept=JSON)
    assert (page.status, code_of(page)) == (400, "launch.key_set_unavailable")
    assert not elsewhere.asked.is_set()


def test_an_address_that_a_token_names_is_never_asked(
    tool: Callable[[str], SimulatedPlatform], hostile: Callable[[Script], Hostile]
) -> None:
    forger = hostile(answering(GOOD))
    named = {"jku": f"{forger.origin}/keys", "x5u": f"{forger.origin}/x5u", "jwk": dict(KEY.public)}
    without_keys = hostile(answering(b'{"keys": []}'))
    platform = tool(f"{without_keys.origin}/keys")
    tempting = Variation("tempting", "", "", None, lambda draft: draft.headed(named))
    page = platform.launch(HttpClient(platform.tool_url), broken=tempting, accept=JSON)
    assert 400 <= page.status < 500
    assert not forger.asked.is_set()


def test_a_platform_that_hangs_does_not_stop_the_launches_of_another(
    serve: Callable[..., SimulatedPlatform], hostile: Callable[[Script], Hostile]
) -> None:
    server, known = hostile(silent), SimulatedPlatform(keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
    hanging = evolve(known, issuer=server.origin, keys=known.keys)
    document = {
        **known.registration_document(private_key=TOOL_PEM),
        **hanging.registration_document(private_key=TOOL_PEM, inline_keys=False),
    }
    platform = serve(config={"registrations": {"document": document}, "http": {"read": 60.0}})
    hanging = evolve(platform, issuer=server.origin, keys=known.keys)
    with ThreadPoolExecutor(1) as waiting:
        launch = waiting.submit(hanging.launch, HttpClient(platform.tool_url), accept=JSON)
        assert server.asked.wait(30)
        assert platform.launch(HttpClient(platform.tool_url)).status == 200
        assert not launch.done()
        server.close()
        assert code_of(launch.result()) == "launch.key_set_unavailable"
