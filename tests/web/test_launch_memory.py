"""LaunchMemory: what opens a launch again, in a browser with cookies and in one without."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.launch_memory import Carried, LaunchMemory
from lti_adapters.outcomes import OpenedLaunch
from lti_core.errors import LaunchRefused
from lti_core.launch import Evidence
from lti_core.registration import Registration
from lti_core.tokens import sign_ours, take_apart
from lti_storage.launches import Launches
from lti_storage.memory import MemoryStore
from tests import good
from tests.fakes import FakeKeys, FixedClock
from tests.good import CLAIMS, CLIENT_ID, EXPECTED, ISSUER, LAUNCH_URL, REGISTRATION

KIND = "lti-launch-token"
OTHER = good.registration(client_id="tool-2")


class Registered:
    """Two registrations of one platform."""

    def find(self, issuer: str, client_id: str) -> Registration | None:
        return {CLIENT_ID: REGISTRATION, "tool-2": OTHER}.get(client_id) if issuer == ISSUER else None


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def memory(clock: FixedClock) -> LaunchMemory:
    launches, half_a_day = Launches(MemoryStore(clock), clock, timedelta(hours=12)), timedelta(hours=12)
    known: Any = Registered()
    return LaunchMemory(launches, known, FakeKeys(), clock, half_a_day, id_opens_launches=False)


def remembered(memory: LaunchMemory, by_storage: bool = True, cookies: Mapping[str, str] | None = None) -> OpenedLaunch:
    evidence = Evidence(token=take_apart(good.token(CLAIMS)), expected=EXPECTED, by_storage=by_storage)
    return memory.remember(good.launch(), evidence, LAUNCH_URL, cookies or {})


def opens(memory: LaunchMemory, carried: str, cookies: Mapping[str, str] | None = None) -> str:
    """The code of why that does not open a launch; empty where it does."""
    read = Carried.read(carried)
    kept = memory.recall(read)
    if kept is None:
        return "launch.not_remembered"
    try:
        memory.check_browser(read, kept, LAUNCH_URL, cookies or {})
    except LaunchRefused as refusal:
        return refusal.code
    return ""


def signed(launch_id: Any, expires_at: Any, registration: Registration = REGISTRATION, purpose: str = KIND) -> str:
    return sign_ours([launch_id, expires_at], FakeKeys().secrets(registration, purpose)[0], KIND)


def later(clock: FixedClock) -> int:
    return int(clock.now().timestamp()) + 900


def test_a_browser_with_our_cookie_carries_the_id_alone(memory: LaunchMemory) -> None:
    opened = remembered(memory, by_storage=False)
    assert "." not in opened.launch_id
    assert opens(memory, opened.launch_id, {opened.cookie_name: opened.cookie_value}) == ""
    assert opens(memory, opened.launch_id) == "launch.browser_mismatch"
    for name, value in ((opened.cookie_name, "x" * 43), ("__Host-lti-browser-x", ""), ("x", opened.cookie_value)):
        assert opens(memory, opened.launch_id, {name: value}) == "launch.browser_mismatch"


def test_launches_of_one_browser_share_a_cookie_that_is_renewed(memory: LaunchMemory) -> None:
    first = remembered(memory, by_storage=False)
    cookies = {first.cookie_name: first.cookie_value}
    second = remembered(memory, by_storage=False, cookies=cookies)
    assert {second.cookie_name: second.cookie_value} == cookies
    assert [opens(memory, one.launch_id, cookies) for one in (first, second)] == ["", ""]


def test_launches_that_are_answered_at_once_keep_a_cookie_each(memory: LaunchMemory) -> None:
    opened = [remembered(memory, by_storage=False) for _ in range(5)]
    cookies = {one.cookie_name: one.cookie_value for one in opened}
    assert [opens(memory, one.launch_id, cookies) for one in opened] == [""] * 5
    later = remembered(memory, by_storage=False, cookies=cookies)
    assert later.cookie_name in cookies
    assert later.cookie_name.startswith("__Host-lti-browser-")


def test_a_browser_without_cookies_carries_a_token(memory: LaunchMemory) -> None:
    assert opens(memory, remembered(memory).launch_id) == ""


def test_where_the_browser_has_a_cookie_no_token_stands_in_for_it(memory: LaunchMemory, clock: FixedClock) -> None:
    opened = remembered(memory, by_storage=False)
    assert opens(memory, signed(opened.launch_id, later(clock))) == "launch.browser_mismatch"


def test_the_id_of_a_launch_by_storage_opens_nothing(memory: LaunchMemory) -> None:
    opened = remembered(memory)
    launch_id = Carried.read(opened.launch_id).launch_id
    for cookies in ({}, {opened.cookie_name: opened.cookie_value}, {opened.cookie_name: ""}):
        assert opens(memory, launch_id, cookies) == "launch.browser_mismatch"


def test_a_token_is_good_for_a_quarter_of_an_hour(memory: LaunchMemory, clock: FixedClock) -> None:
    token = remembered(memory).launch_id
    clock.advance(899)
    assert opens(memory, token) == ""
    clock.advance(1)
    assert opens(memory, token) == "launch.link_expired"


def test_a_token_is_renewed_and_an_id_is_not(memory: LaunchMemory, clock: FixedClock) -> None:
    carried = Carried.read(remembered(memory).launch_id)
    clock.advance(899)
    renewed = memory.renewed(carried, REGISTRATION)
    clock.advance(899)
    assert opens(memory, renewed) == ""
    assert memory.renewed(Carried.read(carried.launch_id), REGISTRATION) == carried.launch_id


def test_renewing_does_not_outlive_the_launch(memory: LaunchMemory, clock: FixedClock) -> None:
    carried = Carried.read(remembered(memory).launch_id)
    clock.advance(12 * 3600)
    assert opens(memory, memory.renewed(carried, REGISTRATION)) == "launch.not_remembered"


@pytest.mark.parametrize("forged", [{"registration": OTHER}, {"purpose": "launch"}, {"purpose": "state"}])
def test_a_token_that_is_signed_for_something_else_opens_nothing(
    memory: LaunchMemory, clock: FixedClock, forged: dict[str, Any]
) -> None:
    launch_id = Carried.read(remembered(memory).launch_id).launch_id
    assert opens(memory, signed(launch_id, later(clock))) == ""
    assert opens(memory, signed(launch_id, later(clock), **forged)) == "launch.browser_mismatch"


def test_a_token_whose_time_was_changed_opens_nothing(memory: LaunchMemory, clock: FixedClock) -> None:
    head, payload, signature = remembered(memory).launch_id.split(".")
    launch_id, expires_at = json.loads(base64.urlsafe_b64decode(payload + "=="))
    longer = base64.urlsafe_b64encode(json.dumps([launch_id, expires_at + 900]).encode()).decode().rstrip("=")
    assert opens(memory, f"{head}.{longer}.{signature}") == "launch.browser_mismatch"


def test_a_registration_that_is_gone_opens_nothing(memory: LaunchMemory) -> None:
    class Gone:
        def find(self, issuer: str, client_id: str) -> None:
            return None

    token = remembered(memory).launch_id
    assert opens(evolve(memory, registrations=Gone()), token) == "launch.not_remembered"  # type: ignore[arg-type]


def test_where_ids_open_launches_a_browser_without_cookies_needs_no_token(memory: LaunchMemory) -> None:
    open_memory = evolve(memory, id_opens_launches=True)
    opened = remembered(open_memory)
    assert "." not in opened.launch_id
    assert opens(open_memory, opened.launch_id) == ""


anything = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=50)
contents = anything | st.lists(anything, max_size=4)


@given(st.text() | contents.map(lambda content: sign_ours(content, b"k" * 32, KIND)))
def test_whatever_a_request_carries_is_an_id_or_a_token(text: str) -> None:
    carried = Carried.read(text)
    assert isinstance(carried.launch_id, str)
    assert carried.token is not None or carried.launch_id == text
