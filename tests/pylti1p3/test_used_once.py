"""A launch is used once: over requests, processes and storages; but for as long as one request is answered."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_adapters.pylti1p3 import validation
from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskRequest
from lti_adapters.pylti1p3.launch_data_storage.base import LaunchDataStorage
from lti_storage.memory import MemoryNonces
from tests.pylti1p3.tool import Tool


class Rows(LaunchDataStorage[Any]):
    """A storage as users wrote them: it knows three methods."""

    _session_cookie_name = None

    def __init__(self, kept: dict[str, Any]) -> None:
        super().__init__()
        self.kept = kept

    def can_set_keys_expiration(self) -> bool:
        return True

    def get_value(self, key: str) -> Any:
        return self.kept.get(self._prepare_key(key))

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        self.kept[self._prepare_key(key)] = value

    def check_value(self, key: str) -> bool:
        return self._prepare_key(key) in self.kept


@pytest.fixture
def go_to_another_process(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What is used in this process is not known there."""
    return lambda: monkeypatch.setattr(validation, "NONCES", MemoryNonces(validation.CLOCK))


def test_a_launch_that_is_sent_again_is_refused(tool: Tool) -> None:
    form = tool.form(tool.login())
    assert "used" in tool.post(form)
    assert tool.post(form)["refused"].startswith("Invalid Nonce")


def test_a_launch_may_be_validated_again_while_the_same_request_is_answered(tool: Tool) -> None:
    def look_first(launch: FlaskMessageLaunch) -> Any:
        FlaskMessageLaunch(FlaskRequest(), tool.configuration).validate()
        return launch.get_launch_data()["sub"]

    tool.use = look_first
    form = tool.form(tool.login())
    assert tool.post(form)["used"] == "u-42"
    for _ in range(2):
        assert tool.post(form)["refused"].startswith("Invalid Nonce")


def test_a_launch_that_was_validated_for_two_storages_is_used_up_in_both(
    tool: Tool, go_to_another_process: Callable[[], None]
) -> None:
    one, other = Rows({}), Rows({})

    def look_first(launch: FlaskMessageLaunch) -> Any:
        FlaskMessageLaunch(FlaskRequest(), tool.configuration, launch_data_storage=one).validate()
        return launch.get_launch_data()["sub"]

    tool.storage, tool.use = lambda: other, look_first
    form = tool.form(tool.login())
    assert tool.post(form)["used"] == "u-42"
    tool.use = lambda launch: launch.get_launch_data()
    for storage in (one, other):
        go_to_another_process()
        tool.storage = lambda kept=storage: kept
        assert tool.post(form)["refused"].startswith("Invalid Nonce")


class UsingUp(Rows):
    """As users mended the nonces of the old package: a key that was checked is gone."""

    def check_value(self, key: str) -> bool:
        return self.kept.pop(self._prepare_key(key), None) is not None


class SayingEmpty(Rows):
    """Says an empty text for what is not kept."""

    def get_value(self, key: str) -> Any:
        return self.kept.get(self._prepare_key(key), "")


class Exact(Rows):
    """Has no answer for what is not kept."""

    def get_value(self, key: str) -> Any:
        return self.kept[self._prepare_key(key)]


@pytest.mark.parametrize("kind", [Rows, UsingUp, SayingEmpty, Exact])
def test_a_launch_that_another_process_used_up_is_refused_whatever_the_storage_says_of_it(
    tool: Tool, go_to_another_process: Callable[[], None], kind: type[Rows]
) -> None:
    kept: dict[str, Any] = {}
    tool.storage = lambda: kind(kept)
    form = tool.form(tool.login())
    assert "used" in tool.post(form)
    for _ in range(3):
        go_to_another_process()
        assert tool.post(form)["refused"].startswith("Invalid Nonce")
