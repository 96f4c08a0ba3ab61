"""One side of a comparison: a process that runs the tasks that it is asked for, and answers with figures.

Needs the standard library only: the other package's side runs in that package's own environment.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import process_time
from typing import Any, TypeVar

Item = TypeVar("Item")
Task = Callable[[], Any]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Python's garbage collector stands still, so that no side pays for what another part has left behind."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def cpu_of_each(work: Callable[[Item], object], items: Sequence[Item]) -> float:
    """CPU seconds that `work` takes for each of `items`, on average."""
    with undisturbed():
        before = process_time()
        for item in items:
            work(item)
        return (process_time() - before) / len(items)


def serve(tasks: Mapping[str, Task]) -> None:
    """Run the tasks whose names come in, one a line, and print their results as JSON."""
    for line in sys.stdin:
        print(json.dumps(tasks[line.strip()]()), flush=True)
