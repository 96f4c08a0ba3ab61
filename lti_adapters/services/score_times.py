"""ScoreTimes: the timestamps of scores, each later than the one before for the same learner and line item."""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import Lock

from attrs import define, field

MOST_KEPT = 10_000

_MILLISECOND, _SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
_EARLIEST, _LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@define(eq=False)
class ScoreTimes:
    """The last timestamps of this process, by names that stand for a learner and a line item. For all threads.

    The latest are kept. Of what was forgotten it is known that nothing is later than the latest of it, so that the
    timestamps increase even where the clock is put back.
    """

    _last: OrderedDict[str, datetime] = field(factory=OrderedDict, init=False, repr=False)
    _forgotten: datetime = field(default=_EARLIEST, init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)

    def next(self, name: str, now: datetime, *, whole_seconds: bool = False) -> datetime:
        """A timestamp in UTC, in whole milliseconds: `now`, or as much later as it must be.

        Args:
            whole_seconds: later by a second of the clock, not only by a millisecond.
        """
        now = now.astimezone(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        with self._lock:
            last = self._last.get(name, self._forgotten)
            after = last.replace(microsecond=0) + _SECOND if whole_seconds else last + _MILLISECOND
            time = max(now, after)
            self._keep(name, time)
            return time

    def last(self, name: str) -> datetime | None:
        """The last timestamp of that name, in UTC; None where none is known."""
        with self._lock:
            return self._last.get(name)

    def note(self, name: str, time: datetime) -> None:
        """The next timestamp must be later than `time`, too."""
        time = min(time, _LATEST).astimezone(UTC)
        with self._lock:
            self._keep(name, max(time, self._last.get(name, time)))

    def _keep(self, name: str, time: datetime) -> None:
        self._last[name] = time
        self._last.move_to_end(name)
        if len(self._last) > MOST_KEPT:
            self._forgotten = max(self._forgotten, self._last.popitem(last=False)[1])
