"""Ten thousand scores to a platform that fails one call in ten: all arrive, once, and the last one stays.

`make test` sends five hundred of them for each kind of failure; `make soak` (LTI_SOAK=1) all.
"""

import os
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from typing import TypeVar

import pytest

from lti_adapters.service_client import ServiceClient
from lti_adapters.services.grades import Grades
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import ServiceFailed
from lti_core.services.line_items import LineItem
from lti_core.services.scores import Score
from lti_storage.registrations import FixedRegistrations
from tests.fakes import TOOL_PEM, FakeKeys, FixedClock
from tests.service_client.scene import Scene, registration_of

SCORES = 10_000 if os.environ.get("LTI_SOAK") else 500
ROUND = 500
USERS = 200
THREADS = 8
TROUBLES = ("silent", "late-status", "status", "unreachable", "too-many-requests", "slow")
GIVES_UP = ("service.unavailable", "http.unreachable", "http.timeout")

Result = TypeVar("Result")


class TickingClock(FixedClock):
    """Each look at it takes a millisecond. For all threads."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()

    def now(self) -> datetime:
        self.advance(0.001)
        return self.time

    def advance(self, seconds: float) -> None:
        with self._lock:
            super().advance(seconds)


class Delivery:
    """Sends scores from many threads, and looks after each round at what the platform took."""

    def __init__(self, scene: Scene) -> None:
        self.platform = scene.platform
        self.handles = [scene.grades() for _ in range(THREADS)]
        self.given_up: set[int] = set()
        self.sent: list[Score] = []
        self.taken: dict[object, set[object]] = defaultdict(set)

    def find(self, grades: Grades) -> str:
        """The line item that all threads want."""
        wanted = LineItem(label="Essay", score_maximum=SCORES, tag="essay")
        return insisting(lambda: grades.find_or_create(wanted), lambda: None).id or ""

    def send(self, number: int, item: str) -> Score:
        """The score of one user; `given` is its number, which no other has."""
        grades = self.handles[number % THREADS]
        score = Score(user_id=f"u-{number % USERS + 1:06}", given=number, maximum=SCORES)
        return insisting(lambda: grades.submit(score, item), lambda: self.given_up.add(number)).score

    def look(self) -> None:
        """Remember which scores the platform took, and when they say that they were given."""
        for score in self.platform.gradebook.history:
            if score.accepted:
                self.taken[score.sent["scoreGiven"]].add(score.sent["timestamp"])


def insisting(work: Callable[[], Result], failed: Callable[[], object]) -> Result:
    """What comes of `work` when it is begun anew as often as it gives up."""
    while True:
        try:
            return work()
        except ServiceFailed as error:
            if error.code not in GIVES_UP:
                raise
            failed()


@pytest.fixture(params=TROUBLES)
def scene(request: pytest.FixtureRequest) -> Scene:
    """A platform that fails one call in ten, in one way."""
    platform = SimulatedPlatform(clock=TickingClock(), tool_private_key=TOOL_PEM, roster=USERS)
    platform.misbehave(request.param, one_in=10, seed=7)
    registrations = FixedRegistrations((registration_of(platform),))
    return Scene(platform, ServiceClient(platform.http, FakeKeys(), platform.clock, registrations))


def test_every_score_arrives_once_and_the_last_one_stays(scene: Scene) -> None:
    delivery = Delivery(scene)
    with ThreadPoolExecutor(THREADS) as people:
        [item] = set(people.map(delivery.find, delivery.handles))
        for begin in range(0, SCORES, ROUND):
            numbers = range(begin, begin + ROUND)
            delivery.sent += people.map(lambda number: delivery.send(number, item), numbers)
            delivery.look()
    times = {number: len(taken) for number, taken in delivery.taken.items()}
    assert times.keys() == set(range(SCORES))
    assert {number for number, count in times.items() if count > 1} <= delivery.given_up
    last = {score.user_id: score.given for score in sorted(delivery.sent, key=lambda score: str(score.timestamp))}
    column = scene.platform.gradebook["essay"]
    assert {user_id: grade.sent["scoreGiven"] for user_id, grade in column.items()} == last
    assert [made.tag for made in scene.platform.gradebook.line_items].count("essay") == 1
