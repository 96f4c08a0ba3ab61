"""The Clock port on this machine's clock. Nothing else in the library reads the time."""

import time
from datetime import UTC, datetime

from attrs import frozen


@frozen
class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """See `Clock`."""
        return datetime.now(UTC)  # noqa: TID251  # this is the port that all others ask

    def sleep(self, seconds: float) -> None:
        """See `Clock`."""
        time.sleep(seconds)  # noqa: TID251  # as above
