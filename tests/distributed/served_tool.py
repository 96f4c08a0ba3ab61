"""The reference tool in several processes, of which one or another is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from tests.cli.launching import ADDRESS
from tests.servers.process import PATIENCE, children

PROGRAM = (sys.executable, "-c", "from lti_adapters.cli import main; main()")


class ServedTool:
    """`lti tool`, as a user starts it.

    Attributes:
        url: where it is.
        killed: the processes that were, in order.

    Args:
        folder: for what it says of refusals, which are many.
        arguments: of `lti tool`.
        workers: how many processes it serves with.
    """

    def __init__(self, folder: Path, *arguments: object, workers: int) -> None:
        self.killed: list[int] = []
        self._workers, self._lock, self._log = workers, Lock(), folder / "tool.log"
        command = [*PROGRAM, "tool", "--port", "0", "--workers", str(workers), *map(str, arguments)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=folder, text=True)
        assert self._process.stdout is not None
        found = ADDRESS.search(self._process.stdout.readline())
        assert found, self.log
        self.url = found[0]

    @property
    def log(self) -> str:
        """What it said on its standard error."""
        return self._log.read_text(errors="replace")

    def kill_one(self) -> None:
        """Kill the oldest of its processes with -9, once all those that were killed before are replaced."""
        with self._lock:
            self.wait_for_workers()
            oldest = min(self.workers())
            self.killed.append(oldest)
            os.kill(oldest, signal.SIGKILL)

    def workers(self) -> list[int]:
        """The processes that serve."""
        return [pid for pid in children(self._process.pid) if pid not in self.killed]

    def wait_for_workers(self) -> None:
        """Until as many serve as are to."""
        until(lambda: len(self.workers()) == self._workers, lambda: self.log)

    def end(self) -> int:
        """End it as Ctrl-C does; its exit status."""
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=PATIENCE)
        return self._process.returncode

    def close(self) -> None:
        """End what still runs of it."""
        for pid in (*self.workers(), self._process.pid) if self._process.poll() is None else ():
            os.kill(pid, signal.SIGKILL)
        self._process.communicate()


def until(happened: Callable[[], bool], told: Callable[[], str]) -> None:
    """Wait for something that happens by itself, as soon as the machine gets to it."""
    give_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up, told()
        time.sleep(0.01)
