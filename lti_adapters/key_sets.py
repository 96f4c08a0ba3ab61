"""KeySets: the key sets that platforms publish, fetched when they are needed and kept in the memory of this process."""

import re
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Condition, Lock
from time import monotonic

from attrs import define, evolve, field, frozen

from lti_core.errors import LaunchRefused, ServiceFailed
from lti_core.ports import Clock, Http, HttpRequest
from lti_core.tokens import KeySet, VerificationKey, read_key_set

FETCH_SECONDS = 5.0  # somebody's browser waits for it
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=24)
USABLE_AFTER = timedelta(hours=24)  # how long after its end an old set serves, while no new one can be had
MOST_FETCHES, WINDOW = 3, timedelta(minutes=1)
PAUSE = timedelta(seconds=10)  # after a failure
MOST_KEY_SETS = 1000

_SPEC = "OIDC Core 1.0 §10.1.1"
_MAX_AGE = re.compile(r'max-age="?([0-9]{1,9})')
_NOT_KEPT = re.compile(r"no-store|no-cache")


@frozen(eq=False)
class _Published:
    """A key set as the platform answered it, and how long it may be used without asking again."""

    keys: KeySet
    fresh_until: datetime


@define(eq=False)
class _Source:
    """What is known about one key set address. Changed by whoever holds `changed`; `published` is read by all."""

    url: str
    changed: Condition = field(factory=Condition)
    published: _Published | None = None
    failure: LaunchRefused | None = None  # of the last fetch
    failed_at: datetime | None = None
    begun: deque[datetime] = field(factory=lambda: deque(maxlen=MOST_FETCHES))
    fetching: float | None = None  # since when, on the monotonic clock

    def find(self, kid: str, now: datetime, used_after_end: timedelta = timedelta(0)) -> tuple[VerificationKey, ...]:
        """The keys of that name in the set that is there; none when it is too old."""
        published = self.published
        if published is None or now >= published.fresh_until + used_after_end:
            return ()
        return published.keys.find(kid)

    def is_fetching(self) -> bool:
        """Not for ever: the thread that fetched may be gone, as after a fork."""
        return self.fetching is not None and monotonic() < self.fetching + FETCH_SECONDS + 1

    def may_fetch(self, now: datetime) -> bool:
        """Whether the platform may be asked once more. A time to come is of a clock that was put back since."""
        if self.failed_at is not None and timedelta(0) <= now - self.failed_at < PAUSE:
            return False
        return sum(timedelta(0) <= now - begun < WINDOW for begun in self.begun) < MOST_FETCHES

    def wait(self) -> bool:
        """Whether the fetch of another thread ends within its time."""
        begun = self.fetching or 0
        left = begun + FETCH_SECONDS - monotonic()
        return self.changed.wait_for(lambda: self.fetching != begun, timeout=max(left, 0))


@frozen(eq=False)
class KeySets:
    """The published key sets, by their addresses.

    An unknown `kid` asks the platform at once, at most three times a minute. One thread fetches, the others wait for
    it, or go on with the old set when it holds their key. While a platform is down the old set serves, for a day.

    Attributes:
        lifetime: how long a set is kept whose answer does not say; from a minute to a day, as where it does say.
    """

    http: Http
    clock: Clock
    lifetime: timedelta = timedelta(hours=1)
    _lock: Lock = field(factory=Lock, init=False, repr=False)
    _sources: dict[str, _Source] = field(factory=dict, init=False, repr=False)

    def find(self, url: str, kid: str) -> tuple[VerificationKey, ...]:
        """The keys of that name in the key set at `url`; none when the platform does not publish it.

        Raises:
            LaunchRefused: `launch.key_set_unavailable` or `launch.key_set_malformed` when neither a new set can be
                had nor an old one holds the key.
        """
        source, now = self._source(url), self.clock.now()
        return source.find(kid, now) or self._sought(source, kid, now)

    def fetched(self, url: str, kid: str) -> tuple[VerificationKey, ...]:
        """As `find`, of a set that is still good; none where the platform would have to be asked."""
        return self._source(url).find(kid, self.clock.now())

    def _source(self, url: str) -> _Source:
        if (source := self._sources.get(url)) is not None:
            return source
        with self._lock:
            if url not in self._sources and len(self._sources) >= MOST_KEY_SETS:
                del self._sources[next(iter(self._sources))]
            return self._sources.setdefault(url, _Source(url))

    def _sought(self, source: _Source, kid: str, now: datetime) -> tuple[VerificationKey, ...]:
        begun, in_time = None, True
        with source.changed:
            if source.is_fetching():
                in_time = bool(source.find(kid, now, USABLE_AFTER)) or source.wait()
            elif not source.find(kid, now) and source.may_fetch(now):
                source.begun.append(now)
                begun = source.fetching = monotonic()
        if begun is not None:
            self._fetch(source, begun)
        return _served(source, kid, now, in_time=in_time)

    def _fetch(self, source: _Source, begun: float) -> None:
        published = failure = None
        try:
            published = self._published(source.url)
        except LaunchRefused as error:
            failure = evolve(error)  # without its traceback, which would keep the whole answer
        finally:
            with source.changed:
                if published is not None:
                    source.published, source.failure, source.failed_at = published, None, None
                else:
                    source.failure, source.failed_at = failure, self.clock.now()
                if source.fetching == begun:
                    source.fetching = None
                source.changed.notify_all()

    def _published(self, url: str) -> _Published:
        accept = {"Accept": "application/jwk-set+json, application/json, */*;q=0.1"}
        request = HttpRequest(method="GET", url=url, headers=accept, total=FETCH_SECONDS, trusted_url=url)
        try:
            response = self.http.send(request)
        except ServiceFailed as error:
            message = f"The platform's key set cannot be had. {error.message}"
            raise LaunchRefused("launch.key_set_unavailable", message, _SPEC, found=error.found) from error
        if response.status != 200:
            message = "The platform does not answer its key set."
            raise LaunchRefused("launch.key_set_unavailable", message, _SPEC, 200, response.status)
        return _Published(read_key_set(response.body), self.clock.now() + self._lifetime(response.headers))

    def _lifetime(self, headers: Mapping[str, str]) -> timedelta:
        said = headers.get("cache-control", "").lower()
        lifetime = self.lifetime
        if found := _MAX_AGE.search(said):
            lifetime = timedelta(seconds=int(found[1]))
        if _NOT_KEPT.search(said):
            lifetime = SHORTEST
        return min(max(lifetime, SHORTEST), LONGEST)


def _served(source: _Source, kid: str, now: datetime, *, in_time: bool) -> tuple[VerificationKey, ...]:
    with source.changed:
        if keys := source.find(kid, now, USABLE_AFTER):
            return keys
        if source.failure is not None:
            raise evolve(source.failure)
        if not in_time or source.published is None or now >= source.published.fresh_until + USABLE_AFTER:
            message = "The platform's key set did not come in time."
            raise LaunchRefused("launch.key_set_unavailable", message, _SPEC)
        return ()
