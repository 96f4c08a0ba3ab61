"""What has changed in a course's class list, and since when (NRPS 2.0, Membership differences)."""

from collections import deque
from collections.abc import Mapping
from threading import Lock

from attrs import define, field, frozen

from lti_adapters.simulator.people import Person

MOST = 10_000


class Forgotten(Exception):  # as LtiError's kinds are named; a tool never sees it
    """Nobody knows any more what had changed since then, or it has not come to that yet."""


@frozen
class Change:
    """One change. `before` is the member as they were; None: they came."""

    number: int
    user_id: str
    before: Person | None


@define(eq=False)
class Changes:
    """The last 10,000 changes, numbered from 1. Shared by threads."""

    _kept: deque[Change] = field(factory=lambda: deque(maxlen=MOST), init=False)
    _made: int = field(default=0, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    @property
    def made(self) -> int:
        """The number of the last change; 0 before the first."""
        return self._made

    def add(self, user_id: str, before: Person | None) -> None:
        """Remember one more."""
        with self._lock:
            self._made += 1
            self._kept.append(Change(self._made, user_id, before))

    def between(self, since: int, until: int) -> Mapping[str, Person | None]:
        """Who changed after the change `since`, up to `until`, by their ids: as they were before.

        Raises:
            Forgotten: too much has happened since, or less than that.
        """
        with self._lock:
            if not self._made - len(self._kept) <= since <= until <= self._made:
                raise Forgotten
            chosen = [change for change in self._kept if since < change.number <= until]
        return {change.user_id: change.before for change in reversed(chosen)}
