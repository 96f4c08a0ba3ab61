"""Programs that replace a step of a launch: the others stay as strict as they were."""

import time
from datetime import UTC, datetime
from string import ascii_letters, digits
from typing import Self

import pytest
from werkzeug.test import Client

from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch
from lti_core import claims as c
from tests.fakes import FixedClock
from tests.pylti1p3.tool import Tool


class Lenient(FlaskMessageLaunch):
    """As the old example did it: one step does nothing."""

    def validate_nonce(self) -> Self:
        return self


def test_a_launch_works_once_also_where_a_program_replaced_the_step_of_the_nonce() -> None:
    tool = Tool(Lenient)
    form = tool.form(tool.login(), nonce="of nobody")
    assert tool.post(form)["used"]["nonce"] == "of nobody"
    assert tool.post(form)["refused"].startswith("Invalid Nonce")


class Careless(FlaskMessageLaunch):
    """Another browser may launch."""

    def validate_state(self) -> Self:
        return self


def test_a_replaced_step_leaves_the_others_as_strict_as_they_were() -> None:
    tool = Tool(Careless)
    form = tool.form(tool.login())
    tool.browser = Client(tool.app)
    assert "used" in tool.post(form)
    assert tool.post(form)["refused"].startswith("Invalid Nonce")
    assert tool.post(tool.form(tool.login(), nonce="x"))["refused"].startswith("Invalid Nonce")


class Boundless(Careless, Lenient):
    """The token need not answer any login."""


def test_a_token_without_a_nonce_works_once_however_its_signature_is_written() -> None:
    tool = Tool(Boundless)
    form = tool.form(tool.login(), nonce=None)
    rest, last = form["id_token"][:-1], form["id_token"][-1]
    assert "used" in tool.post(form)
    others = [letter for letter in ascii_letters + digits + "-_" if letter != last]
    assert all("refused" in tool.post({**form, "id_token": rest + letter}) for letter in others)


class Everywhere(FlaskMessageLaunch):
    """All deployments are one."""

    def _get_deployment_id(self) -> str:
        return "dep-1"


def test_a_program_may_say_which_deployment_is_meant() -> None:
    assert "used" in Tool(Everywhere).launched(**{c.DEPLOYMENT_ID: "dep-9"})
    assert "refused" in Tool().launched(**{c.DEPLOYMENT_ID: "dep-9"})


class Slow(FlaskMessageLaunch):
    """An hour and more goes by between two steps."""

    clock: FixedClock

    def validate_registration(self) -> Self:
        self.clock.advance(seconds=3700)
        return super().validate_registration()


def test_the_time_counts_at_which_the_signature_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    from lti_adapters.pylti1p3 import validation

    Slow.clock = FixedClock(datetime.fromtimestamp(time.time(), UTC))
    monkeypatch.setattr(validation, "CLOCK", Slow.clock)
    tool = Tool(Slow)
    assert tool.launched()["refused"].startswith("Can't decode id_token: The token has expired")
