"""Sides as processes, asked in turn, so that a busy minute of the machine slows all of them alike."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any

from attrs import frozen

ROOT = Path(__file__).parent.parent


class Side:
    """A process of `module`, a side of a comparison, in the environment of `python`."""

    def __init__(self, module: str, *arguments: str, python: str = sys.executable) -> None:
        command = [python, "-m", module, *arguments]
        self._process = subprocess.Popen(  # with pipes of text, a line for each question and each answer
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def ask(self, task: str) -> Any:
        """The result of a task.

        Raises:
            RuntimeError: the side has ended; why, it has printed.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(task + "\n")
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()}")
        return json.loads(answer)

    def __enter__(self) -> "Side":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


Figure = Callable[[Mapping[str, float]], float]  # a figure of one round; `itemgetter` of a task's name for most


@frozen
class Rounds:
    """What the tasks took, by name, round by round."""

    rounds: Sequence[Mapping[str, float]]

    def median(self, figure: Figure) -> float:
        """The figure of a usual round."""
        return median(map(figure, self.rounds))

    def ratio(self, figure: Figure, beside: Figure) -> float:
        """One figure by the other, each pair of the same round; that of a usual round.

        A machine changes its speed from second to second, and slows both alike.
        """
        return median(figure(one) / beside(one) for one in self.rounds)


def measured(tasks: Mapping[str, Callable[[], float]], rounds: int) -> Rounds:
    """What the tasks take in some rounds of all of them, one short burst each. One round before that warms up."""
    taken = [{name: task() for name, task in tasks.items()} for _ in range(rounds + 1)]
    return Rounds(taken[1:])
