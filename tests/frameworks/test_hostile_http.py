"""What strangers may send over HTTP: refused, each with its status, in bounded memory, and never used up."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from attrs import evolve
from dependency_injector.providers import Object
from urllib3 import encode_multipart_formdata

from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import HttpClient, browser_of
from lti_adapters.simulator.people import LEARNER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import ServiceFailed, StorageFailed
from tests.fakes import FakeNonces
from tests.frameworks.sites import Body, Request, Site, Wanted
from tests.frameworks.steps import HTML, JSON, begun, code_of, cookies_of, login, post, raw

FORM = "application/x-www-form-urlencoded"
MIB = 1024 * 1024


def test_a_launch_in_a_body_of_another_kind_is_no_launch(platform: SimulatedPlatform, browser: HttpClient) -> None:
    fields = begun(platform, browser)
    body, kind = encode_multipart_formdata(list(fields))
    headers = {"Accept": JSON, "Cookie": cookies_of(browser)}
    for sent, kind_sent in ((body, kind), (urlencode(fields).encode(), "text/plain"), (b"{}", JSON)):
        answer = raw("POST", platform.launch_url, body=sent, headers={**headers, "Content-Type": kind_sent})
        assert (answer.status, answer.json()["error"]["code"]) == (400, "launch.id_token_missing")
    assert post(platform, browser, fields).status == 200


def test_a_login_in_parts_is_no_login(platform: SimulatedPlatform) -> None:
    fields = list(platform.initiate(platform.resource_link()).items())
    body, kind = encode_multipart_formdata(fields)
    answer = raw("POST", platform.login_url, body=body, headers={"Accept": JSON, "Content-Type": kind})
    assert (answer.status, answer.json()["error"]["code"]) == (400, "login.issuer_missing")


def test_a_form_may_name_its_alphabet(platform: SimulatedPlatform, browser: HttpClient) -> None:
    headers = {"Content-Type": f"{FORM}; charset=UTF-8", "Accept": JSON}
    body = urlencode(begun(platform, browser)).encode()
    answer = raw("POST", platform.launch_url, body=body, headers={**headers, "Cookie": cookies_of(browser)})
    assert answer.status == 200


@pytest.mark.parametrize("path", ["login", "launch"])
def test_a_body_that_does_not_say_how_long_it_is_may_not_be_too_long(platform: SimulatedPlatform, path: str) -> None:
    pieces = (b"state=", *[b"x" * (MIB // 16)] * 80)
    headers = {"Content-Type": FORM, "Accept": JSON}
    answer = raw("POST", f"{platform.tool_url}/lti/{path}", body=iter(pieces), headers=headers)
    assert (answer.status, answer.json()["error"]["code"]) == (413, f"{path}.too_large")


@pytest.mark.parametrize("path", ["login", "launch"])
def test_of_a_body_without_an_end_little_is_read(site: Site, lti_platform: SimulatedPlatform, path: str) -> None:
    endless = Body(None)
    request = Request(
        method="POST", path=f"/lti/{path}", headers={"host": "localhost", "content-type": FORM}, body=endless
    )
    answer = site.answered(site.application(Wanted(config=lti_platform.config)), request)
    assert answer.status == 413
    assert endless.read_bytes <= MIB // 4 + 64 * 1024  # what servers hand over at once comes on top


@pytest.mark.parametrize("path", ["login", "launch"])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", JSON])
def test_a_body_that_says_that_it_is_too_long_is_not_read(
    site: Site, lti_platform: SimulatedPlatform, path: str, kind: str
) -> None:
    headers, endless = {"host": "localhost", "content-type": kind, "content-length": str(5 * MIB)}, Body(None)
    request = Request(method="POST", path=f"/lti/{path}", headers=headers, body=endless)
    answer = site.answered(site.application(Wanted(config=lti_platform.config)), request)
    assert answer.status == (413 if kind == FORM else 400)
    assert endless.read_bytes == 0


@pytest.mark.parametrize("path", ["login", "launch"])
@pytest.mark.parametrize("fields", [1001, 30_000])
def test_a_form_of_thousands_of_fields_is_not_taken_apart(platform: SimulatedPlatform, path: str, fields: int) -> None:
    body = b"&".join(b"f%d=" % number for number in range(fields))
    answer = raw("POST", f"{platform.tool_url}/lti/{path}", body=body, headers={"Content-Type": FORM, "Accept": JSON})
    assert (answer.status, answer.json()["error"]["code"]) == (413, f"{path}.too_large")


def test_a_launch_among_hundreds_of_other_fields_is_a_launch(platform: SimulatedPlatform, browser: HttpClient) -> None:
    more = ((f"f{number}", "") for number in range(990))
    assert post(platform, browser, (*more, *begun(platform, browser))).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_launch_is_posted(platform: SimulatedPlatform, method: str) -> None:
    refused_otherwise(platform.launch_url, method, "launch", "POST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_login_begins_with_get_or_post(platform: SimulatedPlatform, method: str) -> None:
    refused_otherwise(platform.login_url, method, "login", "GET, POST")


def refused_otherwise(address: str, method: str, step: str, allowed: str) -> None:
    answer = raw(method, address, headers={"Accept": JSON})
    assert (answer.status, answer.headers["Allow"], answer.headers["Cache-Control"]) == (405, allowed, "no-store")
    if method != "HEAD":
        assert answer.json()["error"]["code"] == f"{step}.method_not_allowed"
        assert "Details for the administrator" in raw(method, address, headers={"Accept": HTML}).data.decode()


def test_who_opens_the_launch_address_is_told_what_to_do(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = browser.send("GET", platform.launch_url, (), HTML)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "open the activity in your course" in page.text


@pytest.mark.parametrize("name", ["id_token", "state"])
def test_a_field_that_comes_twice_uses_no_launch_up(
    platform: SimulatedPlatform, browser: HttpClient, name: str
) -> None:
    fields = begun(platform, browser)
    page = post(platform, browser, (*fields, (name, dict(fields)[name])))
    assert (page.status, code_of(page)) == (400, "launch.parameter_repeated")
    assert post(platform, browser, fields).status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_parameter_of_a_login_that_comes_twice_is_refused(
    platform: SimulatedPlatform, browser: HttpClient, method: str
) -> None:
    fields = (*platform.initiate(platform.resource_link()).items(), ("iss", "https://another.example"))
    page = browser.send(method, platform.login_url, fields, JSON)
    assert (page.status, code_of(page)) == (400, "login.parameter_repeated")


def test_an_error_of_the_platform_is_believed_only_with_a_state_of_ours(
    platform: SimulatedPlatform, browser: HttpClient
) -> None:
    page = browser.send("GET", platform.launch_url, (("error", "login_required"), ("state", "a.b.c")), JSON)
    assert (page.status, code_of(page)) == (400, "launch.state_invalid")


def test_a_launch_without_a_handler_is_not_used_up(site: Site, lti_platform: SimulatedPlatform) -> None:
    nonces = FakeNonces()

    def client() -> Any:
        container = LtiContainer(settings=Object(read_settings(lti_platform.config)), nonces=Object(nonces))
        return site.client(site.application(Wanted(config={}, options={"container": container})))

    page = lti_platform.launch(client(), message=lti_platform.submission_review(), accept=JSON)
    assert code_of(page) == "launch.message_type_unknown"
    assert nonces.used == set()
    assert lti_platform.launch(client(), accept=JSON).status == 200
    assert len(nonces.used) == 1


class DownAtFirst(FakeNonces):
    """A store of nonces that does not answer the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def use(self, *arguments: Any) -> bool:
        self.calls += 1
        if self.calls == 1:
            raise StorageFailed("storage.unavailable", "The store does not answer.", found="10.1.2.3")
        return super().use(*arguments)


def test_when_the_store_is_back_a_launch_that_it_did_not_see_is_still_good(
    site: Site, lti_platform: SimulatedPlatform
) -> None:
    opened: list[object] = []
    container = LtiContainer(settings=Object(read_settings(lti_platform.config)), nonces=Object(DownAtFirst()))
    wanted = Wanted(config={}, options={"container": container}, handler=lambda launch: opened.append(launch) or "good")
    client = site.client(site.application(wanted))
    browser = browser_of(client)
    fields = begun(lti_platform, browser)
    first = post(lti_platform, browser, fields, HTML)
    assert (first.status, opened) == (503, [])
    assert "10.1.2.3" not in first.text
    assert post(lti_platform, browser, fields).status == 200
    assert len(opened) == 1


def test_what_a_handler_refuses_becomes_a_page(serve: Callable[..., SimulatedPlatform]) -> None:
    def fails(_: object) -> None:
        raise ServiceFailed("service.forbidden", "The platform did not <b>give</b> the members.")

    platform = serve(handler=fails)
    page = platform.launch(HttpClient(platform.tool_url), user=LEARNER)
    assert (page.status, page.headers["cache-control"]) == (502, "no-store")
    assert "&lt;b&gt;" in page.text
    page = platform.launch(HttpClient(platform.tool_url), user=LEARNER, accept=JSON)
    assert (page.status, code_of(page)) == (502, "service.forbidden")


def test_the_address_of_the_setting_is_the_one_that_counts(serve: Callable[..., SimulatedPlatform]) -> None:
    platform = serve(config={"tool": {"url": "https://tool.example"}})
    known = evolve(platform, launch_url="https://tool.example/lti/launch")
    page = login(known, HttpClient(platform.tool_url))
    assert "redirect_uri=https%3A%2F%2Ftool.example%2Flti%2Flaunch" in str(page.location)


def test_a_launch_id_may_come_in_a_header(platform: SimulatedPlatform, browser: HttpClient) -> None:
    later = platform.launch(browser, user=LEARNER).json["later"]
    launch_id = later.partition("lti_launch=")[2]
    headers = {"Accept": JSON, "Cookie": cookies_of(browser), "X-LTI-Launch": launch_id}
    assert raw("GET", f"{platform.tool_url}/later", headers=headers).json() == {"who": LEARNER.id}


@pytest.mark.parametrize("launch_id", ["", "x", "a" * 43, "../../etc/passwd", "%00", "ü" * 43, "a" * 10_000])
def test_a_launch_id_that_nobody_was_given_opens_nothing(
    platform: SimulatedPlatform, browser: HttpClient, launch_id: str
) -> None:
    page = browser.send("GET", f"{platform.tool_url}/later", (("lti_launch", launch_id),), JSON)
    assert code_of(page) in ("launch.not_remembered", "launch.not_launched")
    assert 400 <= page.status < 500


def test_the_launchs_cookie_has_all_flags_and_lives_as_long_as_the_launch(serve: Callable[..., Any]) -> None:
    platform = serve(config={"launches": {"lifetime": 3600}})
    browser = HttpClient(platform.tool_url)
    fields = begun(platform, browser)
    headers = {"Content-Type": FORM, "Cookie": cookies_of(browser)}
    answer = raw("POST", platform.launch_url, body=urlencode(fields).encode(), headers=headers)
    (cookie,) = answer.headers.getlist("set-cookie")
    name, *flags = cookie.split("; ")
    assert name.startswith("lti-browser-")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned", "Max-Age=3600"} <= set(flags)


def test_a_refused_launch_sets_no_cookie(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = platform.launch(browser, broken="forged")
    assert (page.status, page.cookies) == (400, {})
