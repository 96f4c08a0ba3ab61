"""What later requests have of a launch, by its id; and what they have not."""

from typing import Any

import pytest
from werkzeug.test import Client

from lti_adapters.pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskRequest
from lti_adapters.pylti1p3.oidc_login import state_key
from lti_adapters.pylti1p3.tool_config import ToolConfDict
from lti_core import claims as c
from tests.good import CLIENT_ID, ISSUER
from tests.pylti1p3.tool import ENTRY, LAUNCH_URL, Tool, configuration


def test_parameters_of_a_login_are_no_launch(tool: Tool) -> None:
    forged = {"iss": ISSUER, "aud": CLIENT_ID, "sub": "somebody-else", c.DEPLOYMENT_ID: "dep-1"}
    tool.log_in = lambda login: login.pass_params_to_launch(forged).redirect(LAUNCH_URL)
    state = tool.login()["state"]
    assert tool.again(state_key(state)) == {"refused": '"iss" is empty'}


def test_what_else_is_kept_is_no_launch(tool: Tool) -> None:
    tool.launched()
    assert tool.again("order") == {"refused": "Launch data not found"}


def test_a_launch_is_had_again_in_a_later_request(tool: Tool) -> None:
    launch_id = tool.launched()["launch_id"]
    assert tool.again(launch_id)["used"]["sub"] == "u-42"


def test_a_session_in_a_cookie_keeps_the_newest_launches_and_stays_small(tool: Tool) -> None:
    launches = [tool.launched()["launch_id"] for _ in range(5)]
    cookie = tool.browser.get_cookie("session", domain="tool.example")
    assert cookie is not None
    assert len(cookie.value) < 3800
    assert ["used" in tool.again(launch_id) for launch_id in launches] == [False] * 3 + [True] * 2


def test_a_launch_of_another_tool_of_the_program_is_not_had(tool: Tool) -> None:
    launch_id = tool.launched()["launch_id"]
    other = {**ENTRY, "client_id": "tool-2", "deployment_ids": ["dep-1"]}
    tool.configuration = ToolConfDict({ISSUER: other})
    assert tool.again(launch_id)["refused"].startswith("Client id not registered for this issuer")


def test_a_launch_of_a_deployment_that_was_left_is_not_had(tool: Tool) -> None:
    launch_id = tool.launched()["launch_id"]
    tool.configuration = configuration(deployment_ids=["dep-2"])
    assert tool.again(launch_id)["refused"].startswith("Unable to find deployment")


def test_a_launch_that_nobody_made_is_not_found(tool: Tool) -> None:
    assert tool.again("lti1p3-launch-1") == {"refused": "Launch data not found"}


def test_a_restored_launch_cannot_be_validated(tool: Tool) -> None:
    launch_id = tool.launched()["launch_id"]
    tool.use = lambda launch: launch.validate()
    assert tool.again(launch_id) == {"refused": "Can't validate restored launch"}


class Cache:
    """The least that a cache has."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self.kept.get(key)

    def set(self, key: str, value: Any, seconds: int | None) -> None:
        self.kept[key] = value


def test_a_cache_keeps_the_launches_of_each_browser_apart(tool: Tool) -> None:
    cache = Cache()
    tool.storage = lambda: FlaskCacheDataStorage(cache)
    launch_id = tool.launched()["launch_id"]
    assert tool.again(launch_id)["used"]["sub"] == "u-42"
    tool.browser = Client(tool.app)
    assert tool.again(launch_id) == {"refused": "Missing session-id cookie session-id"}
    tool.login()
    assert tool.again(launch_id) == {"refused": "Launch data not found"}


def test_a_cache_that_cannot_keep_browsers_apart_over_http_says_so(
    tool: Tool, caplog: pytest.LogCaptureFixture
) -> None:
    tool.storage = lambda: FlaskCacheDataStorage(Cache())
    tool.login()
    assert not caplog.messages
    tool.browser.post("/login", data={"iss": ISSUER, "login_hint": "h-1"}, base_url="http://tool.example")
    assert caplog.messages == ["Over http any browser that knows a launch id reads that launch: use https."]


class HandingOn(FlaskMessageLaunch):
    """Names what it needs itself, and hands on the rest."""

    def __init__(self, request: FlaskRequest, tool_config: ToolConfDict, **services: Any) -> None:
        super().__init__(request, tool_config, **services)


def test_a_launch_is_had_again_by_a_class_that_hands_its_services_on() -> None:
    tool = Tool(HandingOn)
    assert tool.again(tool.launched()["launch_id"])["used"]["sub"] == "u-42"
