"""How long caches are told to keep something: they count whole seconds, by clocks that are read at other moments."""

from datetime import datetime, timedelta

LONGEST = 365 * 86400  # seconds, where the cache behind is not known: memcached refuses times after 2038

_LATE = 2  # seconds; a cache's count may be more than one behind
_SECOND = timedelta(seconds=1)


def seconds_kept(expires_at: datetime, now: datetime) -> int:
    """Until `expires_at`, and never early; never 0, which means not at all to one cache and for ever to another."""
    return max(0, -((now - expires_at) // _SECOND)) + _LATE
