"""StoppedClock: a Clock port at which no time passes while something is measured."""

from datetime import UTC, datetime


class StoppedClock:
    """It stays the moment at which the tokens were made, and what is read again after some seconds is not."""

    def __init__(self, now: int) -> None:
        self._now = datetime.fromtimestamp(now, UTC)

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError("what is measured waits for nothing")
