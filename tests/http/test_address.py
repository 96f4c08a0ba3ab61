"""Where a request may go: which addresses are read, and which hosts are reached."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.http import Urllib3Http
from lti_adapters.http.address import is_public, read_address, redirected
from lti_adapters.http.patience import PatientSocket
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest

Serve = Callable[..., Any]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def refused(url: str, trusted_url: str = "") -> ServiceFailed:
    with pytest.raises(ServiceFailed) as failure:
        Urllib3Http(total=5).send(HttpRequest(method="GET", url=url, trusted_url=trusted_url))
    return failure.value


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example/keys",
        "//lms.example/keys",
        "/keys",
        "https:///keys",
        "https:lms.example",
        "https://",
        "https://:443/",
        "https://user:word@lms.example/keys",
        "https://@lms.example/keys",
        "https://lms.example\\@evil.example/",
        "https://lms.example/\\evil",
        "https://lms.example/\nkeys",
        "https://lms.example\t/",
        "https://lms.example\0/",
        " https://lms.example/",
        "https://lms example/",
        "https://lms.example:99999/",
        "https://lms.example:port/",
        "https://[::1",
        "https://[lms.example]/",
        "ftp://lms.example/",
        "file:///etc/passwd",
        "gopher://lms.example/",
        "data:text/plain,a",
        "http+unix://socket/",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    failure = refused(url, url)
    assert failure.code == "http.url_refused"
    assert "word" not in str(failure.found)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://lms.example", ("https", "lms.example", 443, "/")),
        ("HTTPS://LMS.Example:8443/a b?c=d#e", ("https", "lms.example", 8443, "/a%20b?c=d")),
        ("https://lms.example?x=ü", ("https", "lms.example", 443, "/?x=%C3%BC")),
        ("https://lms.example/a//b@c", ("https", "lms.example", 443, "/a//b@c")),
        ("http://[::1]:80/", ("http", "::1", 80, "/")),
        (f"https://lms.example/{'a' * 5000}", ("https", "lms.example", 443, f"/{'a' * 5000}")),
    ],
)
def test_an_address_is_taken_apart(url: str, parts: tuple[str, str, int, str]) -> None:
    address = read_address(url)
    assert (address.scheme, address.host, address.port, address.target) == parts


texts = st.text() | st.text("htps:/@\\.[]?#%a1 \n\0\xe9\ud800")


@given(texts | texts.map(lambda text: "https://" + text) | texts.map(lambda text: "https://lms.example" + text))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    try:
        address = read_address(url)
    except ServiceFailed as failure:
        assert failure.code == "http.url_refused"  # noqa: PT017  # both ways are good
    else:
        assert f"{address.host}{address.target}".isprintable()
        assert f"{address.host}{address.target}".isascii()


@given(texts)
def test_any_redirect_stays_on_the_origin_or_is_refused(location: str) -> None:
    begin = read_address("https://lms.example/keys?a=1")
    try:
        assert redirected(begin, location) == begin
    except ServiceFailed as failure:
        assert failure.code == "http.redirect_refused"  # noqa: PT017  # both ways are good


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:0a00:0001::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_not_everybody_reaches_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.15.0.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_that_everybody_reaches_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "2130706433", "127.1", "0x7f.1", "0", "[::1]"])
def test_this_machine_is_not_reached_for_a_registration_elsewhere(serve: Serve, host: str) -> None:
    server = serve(lambda to, _: to.sendall(OK))
    for trusted_url in ("", "https://lms.example/keys", f"https://other.example:{server.port}/"):
        failure = refused(f"https://{host}:{server.port}/keys?secret", trusted_url)
        assert failure.code == "http.url_refused"
        assert "secret" not in repr(failure)
    assert server.connections == 0


def test_a_registration_on_this_machine_reaches_this_machine(serve: Serve) -> None:
    server = serve(lambda to, _: to.sendall(OK))
    http = Urllib3Http()
    elsewhere = f"http://127.0.0.1:{server.port}/another/path"
    assert http.send(HttpRequest(method="GET", url=server.url, trusted_url=elsewhere)).body == b"{}"


@pytest.mark.parametrize(
    "trusted_url", ["", "https://lms.example/", "http://lms.example:81/", "http://other.example/", "x"]
)
def test_plain_http_is_refused_where_the_registration_does_not_have_it(trusted_url: str) -> None:
    assert refused("http://lms.example/keys", trusted_url).code == "http.url_refused"


def found(*addresses: str) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The IP addresses to which somebody wanted to connect. None of them is reached."""
    places: list[str] = []

    def connect(self: PatientSocket, place: tuple[str, int]) -> None:
        places.append(place[0])
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(PatientSocket, "connect", connect)
    return places


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, connected: list[str]
) -> None:
    answers = [found("8.8.8.8"), found("127.0.0.1"), found("127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.pop(0))
    assert refused("https://rebinding.example/keys").code == "http.unreachable"
    assert connected == ["8.8.8.8"]
    assert refused("https://rebinding.example/keys").code == "http.url_refused"
    assert connected == ["8.8.8.8"]


def test_of_several_addresses_only_the_public_ones_are_tried(
    monkeypatch: pytest.MonkeyPatch, connected: list[str]
) -> None:
    names = found("127.0.0.1", "8.8.8.8", "10.0.0.1", "169.254.169.254", "9.9.9.9")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: names)
    assert refused("https://mixed.example/keys").code == "http.unreachable"
    assert connected == ["8.8.8.8", "9.9.9.9"]


def test_the_next_address_is_tried_when_one_does_not_answer(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(lambda to, _: to.sendall(OK))
    names = [
        (family, kind, *rest, (ip, server.port)) for family, kind, *rest, (ip, _) in found("127.0.0.9", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: names)
    url = f"http://lms.test:{server.port}/"
    assert Urllib3Http().send(HttpRequest(method="GET", url=url, trusted_url=url)).status == 200


def test_a_look_up_that_does_not_end_is_left_behind(monkeypatch: pytest.MonkeyPatch, serve: Serve) -> None:
    server = serve(lambda to, _: None)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: server.closing.wait(60) and [])
    with pytest.raises(ServiceFailed) as failure:
        Urllib3Http().send(HttpRequest(method="GET", url="https://slow.example/", total=0.2))
    assert failure.value.code == "http.timeout"


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "nowhere.invalid", "a..b"])
def test_a_name_that_nobody_has_is_unreachable(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    real = socket.getaddrinfo

    def unknown(name: str, *arguments: Any, **more: Any) -> Any:
        if name == "nowhere.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(name, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused(f"https://{host}/").code == "http.unreachable"


def test_a_trusted_connection_does_not_serve_a_request_that_is_not(
    serve: Serve, tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    server, http = serve(lambda to, _: to.sendall(OK), tls=context), Urllib3Http()
    assert http.send(HttpRequest(method="GET", url=server.url, trusted_url=server.url)).status == 200
    with pytest.raises(ServiceFailed) as failure:
        http.send(HttpRequest(method="GET", url=server.url, trusted_url="https://lms.example/"))
    assert failure.value.code == "http.url_refused"
    assert (server.connections, len(server.requests)) == (1, 1)
