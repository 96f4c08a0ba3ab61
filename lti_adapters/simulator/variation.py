"""Variation: a launch that differs from an ordinary one in one way, and what a tool must make of it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from attrs import frozen

from lti_adapters.simulator.courses import Activity
from lti_adapters.simulator.draft import Draft
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.people import LEARNER, TEACHER, Person

Login = Mapping[str, str]


class Says(Protocol):
    """What a variation asks of the platform: an honest message to begin with."""

    def resource_link(self, user: Person = LEARNER, activity: str | Activity = "quiz-1") -> Message:
        """`user` opens an activity, by its id or as a value."""

    def deep_linking(self, user: Person = TEACHER) -> Message:
        """`user` picks content of the tool."""


def unchanged(draft: Draft) -> Draft:
    """An honest launch."""
    return draft


@frozen
class Variation:
    """One way in which a launch differs.

    Attributes:
        name: short, for programs: `platform.launch(..., broken=name)`.
        title: what differs, for people who choose from a list.
        description: one or two sentences: what is sent, and why it matters.
        expected_code: the error code of the refusal; None: the tool must accept the launch.
        alter: what is done to the honest launch.
        message: the message that it is done to; None: any.
        login: what is done to the parameters of the login initiation.
        method: of the login initiation.
        suite_name: the certification suite's name of the case; "" where it has none.
    """

    name: str
    title: str
    description: str
    expected_code: str | None
    alter: Callable[[Draft], Draft] = unchanged
    message: Callable[[Says], Message] | None = None
    login: Callable[[Login], Login] | None = None
    method: str = "POST"
    suite_name: str = ""

    def __str__(self) -> str:
        return self.suite_name or self.title
