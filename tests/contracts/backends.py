"""The backends that the contract suite runs against: one line each. Imported by its child processes, too."""

from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from lti_core.ports import Clock
from lti_storage.expiring import ExpiringStore
from lti_storage.memory import MemoryStore
from lti_storage.sql import SqlStore


@frozen
class Backend:
    """A storage URL, with `{folder}` for a fresh folder.

    Attributes:
        shared: between processes.
        keeps_time: its server decides what has expired, so that a test must let time pass.
        survives: what was kept outlives the process that kept it.
    """

    url: str
    shared: bool
    keeps_time: bool = False
    survives: bool = False

    @property
    def scheme(self) -> str:
        return self.url.partition(":")[0]


BACKENDS = (
    Backend("memory://", shared=False),
    Backend("sqlite:///{folder}/kept.db", shared=True, survives=True),
)


class RealClock:
    """For child processes, whose time nobody moves."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        raise AssertionError("no store waits")


def open_store(backend: Backend, folder: Path, clock: Clock) -> ExpiringStore:
    url = backend.url.format(folder=folder)
    if url.startswith("memory:"):
        return MemoryStore(clock)
    return SqlStore(url, clock)
