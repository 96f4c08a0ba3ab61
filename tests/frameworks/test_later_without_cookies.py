"""Later requests of a browser that keeps no cookies: its pages carry the launch. In every framework."""

from typing import Any

import pytest

from lti_adapters.simulator.people import LEARNER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.tokens import take_ours_apart
from tests.fakes import FixedClock
from tests.frameworks.cookieless import (
    AT_TOP,
    Frame,
    answered,
    clock,
    code_of,
    cookies_of,
    frame,
    platform,
    served,
    token_of,
)
from tests.frameworks.sites import Site

__all__ = ["clock", "frame", "platform"]  # fixtures


def test_later_requests_carry_the_launch_in_their_address_or_in_a_header(frame: Frame) -> None:
    answer = frame.launched()
    assert answer.headers["x-lti-launch"] == token_of(answer)
    assert frame.see(answer.json()["later"]).json() == {"who": LEARNER.id}
    assert frame.see("/later", **{"X-LTI-Launch": token_of(answer)}).json() == {"who": LEARNER.id}


def test_each_answer_brings_another_quarter_of_an_hour(frame: Frame, clock: FixedClock) -> None:
    token = token_of(frame.launched())
    for _ in range(3):
        clock.advance(14 * 60)
        answer = frame.see("/later", **{"X-LTI-Launch": token})
        assert answer.status == 200
        token = answer.headers["x-lti-launch"]


def test_after_a_quarter_of_an_hour_the_address_opens_nothing(frame: Frame, clock: FixedClock) -> None:
    later = frame.launched().json()["later"]
    clock.advance(15 * 60 - 1)
    assert frame.see(later).status == 200
    clock.advance(1)
    answer = frame.see(later)
    assert (answer.status, code_of(answer)) == (400, "launch.link_expired")


def test_the_id_alone_opens_nothing_with_whatever_cookie(frame: Frame) -> None:
    answer = frame.launched()
    launch_id = take_ours_apart(token_of(answer), "lti-launch-token", 1024).content[0]  # type: ignore[index]
    for cookies in ("", cookies_of(answer), "lti-browser-x="):
        refused = frame.see(f"/later?lti_launch={launch_id}", Cookie=cookies)
        assert (refused.status, code_of(refused)) == (400, "launch.browser_mismatch")


def test_the_token_of_one_launch_does_not_open_another(frame: Frame) -> None:
    one, two = token_of(frame.launched()).split("."), token_of(frame.launched()).split(".")
    assert code_of(frame.see(f"/later?lti_launch={one[0]}.{one[1]}.{two[2]}")) == "launch.browser_mismatch"


@pytest.mark.parametrize("spoil", [lambda t: t[:-3] + "AAA", lambda t: t.rpartition(".")[0] + ".", lambda t: t[1:]])
def test_a_forged_token_opens_nothing(frame: Frame, spoil: Any) -> None:
    answer = frame.see(f"/later?lti_launch={spoil(token_of(frame.launched()))}")
    assert (answer.status, code_of(answer) in ("launch.browser_mismatch", "launch.not_remembered")) == (400, True)


def test_the_token_of_another_tool_opens_nothing(frame: Frame, site: Site, clock: FixedClock) -> None:
    token, made = token_of(frame.launched()), []
    with served(site, clock, made):
        assert code_of(Frame(made[0]).see(f"/later?lti_launch={token}")) == "launch.not_remembered"


def test_where_the_cookie_came_back_the_address_carries_no_token(frame: Frame) -> None:
    login = frame.login(headers=AT_TOP)
    fields = answered(frame.platform, login.headers["location"])
    answer = frame.post(fields, Origin=frame.platform.issuer, Cookie=cookies_of(login))
    assert "." not in token_of(answer)
    assert "x-lti-launch" not in answer.headers
    assert code_of(frame.see(answer.json()["later"])) == "launch.browser_mismatch"


def test_the_page_after_a_redirect_can_be_reloaded_without_cookies(site: Site, clock: FixedClock) -> None:
    made: list[SimulatedPlatform] = []
    with served(site, clock, made, after_launch="redirect"):
        frame = Frame(made[0])
        answer = frame.post(frame.finished(frame.begun()))
        assert answer.status == 303
        for _ in range(2):
            assert frame.see(answer.headers["location"]).json()["who"] == LEARNER.id
        clock.advance(15 * 60)
        assert code_of(frame.see(answer.headers["location"])) == "launch.link_expired"
