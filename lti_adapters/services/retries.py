"""Retries: a command sent to a platform, and sent once more where that may help and can do no harm."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from attrs import define, evolve, frozen

from lti_core.errors import ServiceFailed
from lti_core.ports import Clock, Http, HttpRequest, HttpResponse
from lti_core.services.command import Command, Repeat

MOST_TRIES = 3
MOST_TIME = timedelta(seconds=60)  # for all tries together
MOST_WAIT = 30.0  # seconds that a platform may ask us to wait
ONE_REQUEST = 30.0  # seconds; of a try that begins late, less is left
FIRST_PAUSE = 1.0  # seconds, before a second try; twice that before a third

_LONGEST_DATE = 40
_NO_ANSWER = frozenset({"http.timeout", "http.unreachable"})
_SILENT = frozenset({502, 503, 504})
_TAKEN = HttpResponse(status=204)

log = logging.getLogger("lti")

Result = TypeVar("Result")


@define(eq=False)
class Tries:
    """What is left for one command, over all that it takes.

    Attributes:
        until: aware; nothing begins from then on.
        made: tries so far.
        perhaps_taken: whether the platform may have taken an earlier try.
    """

    until: datetime
    made: int = 0
    perhaps_taken: bool = False


@frozen
class _Failed:
    """A try that failed. `response` is None where nothing was answered."""

    failure: ServiceFailed
    response: HttpResponse | None

    @property
    def surely_not_taken(self) -> bool:
        """Whether the platform said so, or never got the request."""
        if self.response is None:
            return self.failure.not_sent and self.failure.code in _NO_ANSWER
        throttled = self.response.status == 403 and self.failure.code == "service.unavailable"
        return throttled or self.response.status == 429

    @property
    def perhaps_taken(self) -> bool:
        """Whether nobody knows: no answer, or one of what stands before the platform."""
        if self.response is None:
            return not self.failure.not_sent and self.failure.code in _NO_ANSWER
        return self.response.status in _SILENT

    def allows(self, repeat: Repeat) -> bool:
        """Whether the command may be sent once more."""
        return self.surely_not_taken or (self.perhaps_taken and repeat.after_silence)


@frozen(eq=False)
class Retries:
    """Sends commands. A command's `Repeat` says when it may be sent again; never more than three times in a minute.

    Attributes:
        random: from 0 up to 1; spreads the tries of many clients that failed together.
    """

    http: Http
    clock: Clock
    random: Callable[[], float]

    def send(self, make: Callable[[], tuple[Command[Result], HttpRequest]], tries: Tries) -> Result:
        """What the platform answers in the end.

        Args:
            make: called for each try: the command, and its request as it is to be sent.
            tries: what is left; it is used up.

        Raises:
            ServiceFailed: of the last try; its `status` is that of the answer.
        """
        while True:
            command, request = make()
            response = None
            tries.made += 1
            try:
                response = self.http.send(self._limited(request, tries))
                return command.read_response(response)
            except ServiceFailed as error:
                failure = error if response is None or error.status else evolve(error, status=response.status)
                tried = _Failed(failure, response)
            if tries.perhaps_taken and tried.failure.code in command.repeat.delivered:
                return command.read_response(_TAKEN)
            tries.perhaps_taken = tries.perhaps_taken or tried.perhaps_taken
            if not tried.allows(command.repeat):
                raise tried.failure
            self._pause(tried, tries)

    def _limited(self, request: HttpRequest, tries: Tries) -> HttpRequest:
        left = (tries.until - self.clock.now()).total_seconds()
        if left >= ONE_REQUEST:
            return request
        if left <= 0:
            message = "The time for this request was over before it could be sent."
            raise ServiceFailed("http.timeout", message, not_sent=True)
        return evolve(request, total=min(left, request.total or left))

    def _pause(self, failed: _Failed, tries: Tries) -> None:
        """Wait for the next try.

        Raises:
            ServiceFailed: there is none.
        """
        now, spread = self.clock.now(), 0.5 + self.random()
        asked = _asked_to_wait(failed.response, now)
        pause = FIRST_PAUSE * 2 ** (tries.made - 1) * spread if asked is None else asked + spread
        in_time = (asked or 0) <= MOST_WAIT and now + timedelta(seconds=pause) < tries.until
        if tries.made >= MOST_TRIES or not in_time:
            raise _last(failed.failure, tries.made, asked)
        log.info("a request to a platform is sent again in %.1f s: %s", pause, failed.failure.code)
        self.clock.sleep(pause)


def _last(failure: ServiceFailed, made: int, asked: float | None) -> ServiceFailed:
    """The failure that is raised in the end. It says how often it was tried, and how long the platform wants rest."""
    tried = "" if made < 2 else f" It was tried {made} times."
    remedy = failure.remedy if not asked else f"The platform asks to wait: try again in {round(asked)} seconds."
    return evolve(failure, message=f"{failure.message}{tried}", remedy=remedy)


def _asked_to_wait(response: HttpResponse | None, now: datetime) -> float | None:
    """The seconds of a Retry-After header; None where there is none that can be read (RFC 9110 §10.2.3)."""
    said = response.headers.get("retry-after", "").strip() if response is not None else ""
    if said.isascii() and said.isdigit() and len(said) < 10:
        return float(said)
    if (until := _date(said)) is None or response is None:
        return None
    theirs = _date(response.headers.get("date", "")) or now  # their clock may be another
    return max((until - theirs).total_seconds(), 0.0)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if 0 < len(text) <= _LONGEST_DATE else None
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
