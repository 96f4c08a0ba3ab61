"""Threads: where the event loop lets calls wait that may wait."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync
from attrs import field, frozen

Params = ParamSpec("Params")
Result = TypeVar("Result")


def _limiter() -> RunVar[CapacityLimiter]:
    return RunVar("lti.threads")  # of each event loop: a limiter must not be shared between them


@frozen(eq=False)
class Threads:
    """Runs calls in threads, `most` of them at once. They take none away from the application's own views."""

    most: int
    _limiters: RunVar[CapacityLimiter] = field(factory=_limiter, init=False, repr=False)

    async def run(self, call: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
        """What `call` answers, or raises. When `most` are running, it waits for its turn."""
        limiter = self._limiters.get(None)
        if limiter is None:
            limiter = CapacityLimiter(self.most)
            self._limiters.set(limiter)
        return await run_sync(lambda: call(*args, **kwargs), limiter=limiter)
