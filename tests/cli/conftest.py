"""The `lti` command as a process of its own, and as a call."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lti_adapters.cli.commands import lti
from tests.cli.served import Served, served_in

PROGRAM = [sys.executable, "-c", "from lti_adapters.cli import main; main()"]


@pytest.fixture
def run() -> Callable[..., Result]:
    """Runs a command in this process."""
    return lambda *arguments: CliRunner().invoke(lti, [str(argument) for argument in arguments])


class Running:
    """A command that serves."""

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,  # a group of its own, as at a terminal, so that Ctrl-C reaches all of it
        )

    def lines_until(self, start: str) -> list[str]:
        """What it prints, up to the line that begins with `start`."""
        lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith(start):
                return lines
        raise AssertionError(f"it ended: {lines} {self.ended()}")

    def ended(self) -> tuple[int, str, str]:
        """Its exit status, and the rest of what it prints."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err

    def press_ctrl_c(self) -> tuple[int, str, str]:
        """As `ended`, after Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ended()

    def processes_left(self) -> bool:
        """Whether anything of its group still runs."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts a command in a process, in the test's folder."""
    running: list[Running] = []

    def started(*arguments: Any) -> Running:
        running.append(Running(tmp_path, *arguments))
        return running[-1]

    yield started
    for one in running:
        if one.processes_left():
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.communicate()


@pytest.fixture
def served(run: Callable[..., Result], tmp_path: Path) -> Iterator[Served]:
    """A platform on loopback with one kept grant, of its first course."""
    with served_in(tmp_path, run) as scene:
        scene.keep()
        yield scene
