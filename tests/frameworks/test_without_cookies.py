"""Launches in browsers that keep no cookies, step by step as such a browser takes them; in every framework."""

import logging
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from lti_adapters.simulator.clients import FORM, HttpClient
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.people import LEARNER
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM, FixedClock
from tests.frameworks.cookieless import (
    AT_TOP,
    IN_FRAME,
    Frame,
    Seen,
    answered,
    clock,
    code_of,
    cookies_of,
    frame,
    platform,
)
from tests.frameworks.sites import Site, Wanted
from tests.frameworks.steps import JSON, KEY, raw

__all__ = ["clock", "frame", "platform"]  # fixtures

# the login


@pytest.mark.parametrize("place", ["iframe", "frame", "embed", "object", "fencedframe"])
def test_a_login_in_a_frame_gets_a_page_that_finds_a_way_and_a_cookie_as_well(frame: Frame, place: str) -> None:
    answer = frame.login(headers={"Sec-Fetch-Dest": place})
    page = Seen(answer.data.decode())
    way = page.by_id["way"]
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert cookies_of(answer).endswith(f"={way['data-secret']}")
    assert page.by_id["onward"]["href"].startswith(frame.platform.authorization_url + "?")
    assert (way["data-target"], way["data-platform"]) == ("", frame.platform.authorization_url)


def test_a_login_at_the_top_leads_on_at_once(frame: Frame) -> None:
    assert frame.login(headers=AT_TOP).status == 302
    assert frame.login(headers={}).status == 302


def test_where_storage_is_offered_a_browser_that_does_not_tell_of_frames_gets_the_page_too(frame: Frame) -> None:
    page = Seen(frame.login(headers={}, lti_storage_target="post_message_forwarding").data.decode())
    way = page.by_id["way"]
    assert way["data-target"] == "post_message_forwarding"
    assert len(way["data-key"]) == len("lti-") + 16
    assert len(way["data-secret"]) <= 64


def test_a_browser_that_brought_a_cookie_of_ours_needs_no_page(frame: Frame) -> None:
    cookies = cookies_of(frame.login())
    assert frame.login(headers={**IN_FRAME, "Cookie": cookies}, lti_storage_target="_parent").status == 302
    assert frame.login(headers={**IN_FRAME, "Cookie": "session=1"}, lti_storage_target="_parent").status == 200


@pytest.mark.parametrize("target", ["<b>", "a b", "x" * 129, '"onload="x', "ä", "a\nb"])
def test_what_cannot_name_a_frame_never_reaches_the_page_and_is_logged(
    frame: Frame, target: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="lti"):
        answer = frame.login(lti_storage_target=target)
    page = Seen(answer.data.decode())
    assert page.by_id["way"]["data-target"] == ""
    assert all("lti_storage_target" not in form for form in page.forms.values())
    assert "login.storage_target_malformed" in caplog.text


def test_a_login_that_is_too_long_for_an_address_is_posted_from_that_page(frame: Frame) -> None:
    page = Seen(frame.login(lti_message_hint="h" * 8000, lti_storage_target="_parent").data.decode())
    assert page.by_id["onward"]["action"] == frame.platform.authorization_url
    assert page.forms[frame.platform.authorization_url]["lti_message_hint"] == "h" * 8000


def test_what_a_stranger_sends_reaches_the_page_escaped(frame: Frame) -> None:
    page = frame.login(**{"lti_message_hint": '"><script>alert(1)</script>', "<script>alert(2)": "x"}).data.decode()
    assert "<script>alert" not in page


def test_the_window_of_its_own_begins_again_and_keeps_cookies(frame: Frame) -> None:
    page = Seen(frame.login(lti_storage_target="_parent").data.decode())
    again = page.forms["/lti/login"]
    assert again["lti_new_window"] == "1"
    assert "lti_storage_target" not in again
    going = raw("POST", frame.platform.login_url, fields=again, headers=AT_TOP)
    assert going.status == 302
    fields = answered(frame.platform, going.headers["location"])
    answer = frame.post(fields, Origin=frame.platform.issuer, Cookie=cookies_of(going))
    assert answer.json()["who"] == LEARNER.id


# the launch


def test_a_launch_without_a_cookie_asks_the_platforms_storage(frame: Frame) -> None:
    fields = frame.begun()
    answer = frame.post({**fields, "submit": "1", "dataset": "2", "state ": "3"}, Origin=frame.platform.issuer)
    page = Seen(answer.data.decode())
    form = page.forms["/lti/launch"]
    assert form == {**fields, "lti_storage_value": "", "lti_storage_problem": ""}
    assert page.by_id["launch"]["data-key"] in frame.kept
    assert next(iter(frame.kept.values())) not in answer.data.decode()
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    assert answer.headers["referrer-policy"] == "strict-origin"  # with no-referrer the second step had no Origin


def test_what_the_storage_had_opens_the_launch_once(frame: Frame) -> None:
    form = frame.finished(frame.begun())
    assert frame.post(form).json()["who"] == LEARNER.id
    assert code_of(frame.post(form)) == "launch.nonce_used"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "{origin}.evil.example", "{origin}/", None])
def test_the_second_step_comes_from_a_page_of_this_tool(frame: Frame, origin: str | None) -> None:
    form = frame.finished(frame.begun())
    headers = {"Accept": JSON, "Content-Type": FORM}
    if origin is not None:
        headers["Origin"] = origin.format(origin=frame.origin)
    answer = raw("POST", frame.platform.launch_url, body=urlencode(form), headers=headers)
    assert (answer.status, code_of(answer)) == (400, "launch.browser_mismatch")
    assert frame.post(form).status == 200  # nothing was used up


@pytest.mark.parametrize("secret", ["", "wrong", "ü" * 43, "x" * 43])
def test_a_wrong_secret_opens_nothing_and_no_page_comes_again(frame: Frame, secret: str) -> None:
    form = frame.finished(frame.begun())
    for _ in range(2):
        answer = frame.post({**form, "lti_storage_value": secret})
        assert (answer.status, code_of(answer)) == (400, "launch.browser_mismatch")
    shown = frame.post({**form, "lti_storage_value": secret, "lti_storage_problem": "timeout"}, Accept="text/html")
    assert "<form" not in shown.data.decode()
    assert "platform_storage.timeout" in shown.data.decode()
    assert frame.post(form).status == 200


def test_what_a_stranger_says_was_the_problem_is_not_shown(frame: Frame) -> None:
    form = {**frame.finished(frame.begun()), "lti_storage_value": "", "lti_storage_problem": "call 555"}
    assert "call 555" not in frame.post(form, Accept="text/html").data.decode()


def test_the_secret_of_another_login_opens_nothing(frame: Frame) -> None:
    other = frame.finished(frame.begun())
    form = frame.finished(frame.begun())
    assert code_of(frame.post({**form, "lti_storage_value": other["lti_storage_value"]})) == "launch.browser_mismatch"


def test_a_strangers_token_state_and_secret_posted_by_another_site_are_refused(platform: SimulatedPlatform) -> None:
    strangers = Frame(platform)
    form = strangers.finished(strangers.begun())
    victim = Frame(platform)
    assert code_of(victim.post(form, Origin="https://evil.example")) == "launch.browser_mismatch"
    page = Seen(victim.post(dict(list(form.items())[:2]), Origin="https://evil.example").data.decode())
    assert victim.kept.get(page.by_id["launch"]["data-key"]) is None  # all that a page of the tool finds there


def test_a_login_without_storage_is_proved_by_a_cookie_alone(frame: Frame) -> None:
    login = frame.login()
    page = Seen(login.data.decode())
    fields = answered(frame.platform, page.by_id["onward"]["href"])
    stored = {**fields, "lti_storage_value": page.by_id["way"]["data-secret"]}
    for form in (fields, stored):
        assert code_of(frame.post(form)) == "launch.browser_mismatch"
    assert frame.post(fields, Cookie=cookies_of(login)).status == 200


def test_where_the_cookie_came_back_nobody_asks_the_storage(frame: Frame) -> None:
    login = frame.login(lti_storage_target="_parent")
    fields = answered(frame.platform, Seen(login.data.decode()).by_id["onward"]["href"])
    assert frame.post(fields, Origin=frame.platform.issuer, Cookie=cookies_of(login)).json()["who"] == LEARNER.id


def test_an_error_of_the_platform_is_explained_without_cookies_too(frame: Frame) -> None:
    error = {"error": "login_required", "state": frame.begun()["state"]}
    assert code_of(frame.post(frame.finished(error))) == "launch.refused_by_platform"


def test_a_state_that_is_over_gets_no_page(frame: Frame, clock: FixedClock) -> None:
    fields = frame.begun()
    form = frame.finished(fields)
    clock.advance(600)
    for late in (fields, form):
        assert code_of(frame.post(late)) == "launch.state_expired"


def test_the_pages_work_behind_a_proxy_that_tells_nothing(site: Site) -> None:
    made: list[SimulatedPlatform] = []

    def make(url: str) -> Any:
        made.append(
            SimulatedPlatform(tool_url="https://Tool.example:443", keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
        )
        return site.application(Wanted(config=made[0].config))

    with site.serving(make) as url:
        platform = made[0]
        fields = {**platform.initiate(platform.resource_link()), "lti_storage_target": "_parent"}
        page = Seen(raw("POST", f"{url}/lti/login", fields=fields, headers=IN_FRAME).data.decode())
        asked = parse_qsl(urlsplit(page.by_id["onward"]["href"]).query)
        posted = dict(platform.authorize(asked, lambda: HttpClient(url)).fields)
        form = Seen(raw("POST", f"{url}/lti/launch", fields=posted).data.decode()).forms["/lti/launch"]
        form["lti_storage_value"] = page.by_id["way"]["data-secret"]
        headers = {"Origin": "https://tool.example", "Accept": JSON}  # as browsers write it
        answer = raw("POST", f"{url}/lti/launch", fields=form, headers=headers)
        assert (answer.status, answer.json().get("who")) == (200, LEARNER.id)


# deep linking


def test_a_deep_linking_request_stays_in_the_frame(frame: Frame) -> None:
    answer = frame.post(frame.finished(frame.begun(frame.platform.deep_linking())))
    assert answer.json()["kind"] == "LtiDeepLinkingRequest"


def test_a_deep_linking_request_in_the_new_window_is_explained_before_it_is_used_up(frame: Frame) -> None:
    login = frame.login(frame.platform.deep_linking(), headers=AT_TOP, lti_new_window="1")
    fields = answered(frame.platform, login.headers["location"])
    for _ in range(2):
        answer = frame.post(fields, Origin=frame.platform.issuer, Cookie=cookies_of(login))
        assert (answer.status, code_of(answer)) == (400, "launch.new_window")
