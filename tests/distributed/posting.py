"""Launches that are begun ahead of time, and posted as an impatient browser does: twice at once, and again."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from concurrent.futures import Executor
from threading import Barrier
from typing import Any

from attrs import field, frozen
from urllib3.exceptions import HTTPError

from lti_adapters.simulator.clients import HttpClient, Page
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.frameworks.steps import begun, code_of, post

TRIES = 20  # of one post that is not answered: so many processes are not killed in a row
USED = "launch.nonce_used"


@frozen
class Launch:
    """A form that a browser is about to post.

    Attributes:
        cookies: of that browser.
    """

    form: tuple[tuple[str, str], ...] = field(repr=False)
    cookies: dict[str, str] = field(repr=False)

    @property
    def claims(self) -> dict[str, Any]:
        """What the platform signed."""
        payload = dict(self.form)["id_token"].split(".")[1]
        claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=="))
        return claims


@frozen
class Outcome:
    """What became of a launch.

    Attributes:
        answers: to its posts.
        unanswered: posts that nobody answered, since the process that had them was killed.
    """

    launch: Launch
    answers: Sequence[Page] = field(repr=False)
    unanswered: int

    @property
    def accepted(self) -> list[dict[str, Any]]:
        """The documents of the answers that accept it."""
        return [page.json for page in self.answers if page.status == 200]

    @property
    def refusals(self) -> set[tuple[int, str]]:
        """Status and code of the others."""
        return {(page.status, code_of(page)) for page in self.answers if page.status != 200}


def begin(platform: SimulatedPlatform) -> Launch:
    """Everything that comes before the form is posted, in a browser of its own."""
    browser = HttpClient(platform.tool_url)
    return Launch(begun(platform, browser), browser.cookies)


def post_twice(platform: SimulatedPlatform, launch: Launch, pair: Executor) -> Outcome:
    """Post the form by two connections at once.

    Args:
        pair: two threads.
    """
    together = Barrier(2, timeout=60)

    def send(_: int) -> tuple[Page, int]:
        together.wait()
        return insist(platform, launch)

    first, second = pair.map(send, range(2))
    return Outcome(launch, (first[0], second[0]), first[1] + second[1])


def insist(platform: SimulatedPlatform, launch: Launch) -> tuple[Page, int]:
    """Post the form until it is answered; the answer, and how often there was none."""
    for unanswered in range(TRIES):
        browser = HttpClient(platform.tool_url)
        browser.cookies = dict(launch.cookies)
        try:
            return post(platform, browser, launch.form), unanswered
        except HTTPError:
            continue
    raise AssertionError("nobody answers")
