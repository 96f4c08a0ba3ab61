"""The rows of frameworks, stores and workers."""

import json
from contextlib import ExitStack
from functools import partial
from operator import itemgetter
from pathlib import Path

from benchmarks import workers
from benchmarks.lms import Platform
from benchmarks.rounds import Figure, Side, measured
from benchmarks.table import Row, added_by, time_of


def framework_rows(side: Side, rounds: int) -> list[Row]:
    """What this library costs in each framework, over that one's empty views."""
    names = ("flask", "django", "starlette", "fastapi")
    tasks = [task for name in names for task in (f"empty {name}", name)]
    taken = measured({task: partial(side.ask, task) for task in tasks}, rounds)
    in_flask = added_by("flask", "empty flask")

    def row(name: str) -> Row:
        figure, empty = added_by(name, f"empty {name}"), itemgetter(f"empty {name}")
        beside = f"to {time_of(taken.median(empty))} of empty views"
        return Row(f"login and launch in {name}", f"adds {time_of(taken.median(figure))}", beside,
                   taken.ratio(figure, in_flask), None if name == "flask" else 1.5)  # fmt: skip

    return [row(name) for name in names]


def store_rows(side: Side, names: list[str], rounds: int) -> list[Row]:
    """What a launch costs on each of those stores."""
    taken = measured({task: partial(side.ask, task) for task in ("empty", *names)}, rounds)
    in_memory = added_by("memory", "empty")

    def row(name: str) -> Row:
        figure, beside = added_by(name, "empty"), f"memory adds {time_of(taken.median(in_memory))}"
        return Row(f"login and launch on {name}", f"adds {time_of(taken.median(figure))}", beside,
                   taken.ratio(figure, in_memory), None)  # fmt: skip

    return [row(name) for name in names if name != "memory"]


def trip_rows(side: Side, names: list[str]) -> list[Row]:
    """How often a launch waits for a store's server, and, as the last row, how often any login does."""
    trips = {name: side.ask(f"trips {name}") for name in names}
    logins = sum(one["login"] for one in trips.values())
    return [
        *(Row(f"round trips to {name} for a launch", f"{one['launch']:g}", "", one["launch"], 2.0)
          for name, one in trips.items()),
        Row("round trips to any of them for a login", f"{logins:g}", "none", logins, 0.0),
    ]  # fmt: skip


def worker_rows(workload_file: str, storage: str, rounds: int) -> list[Row]:
    """What a launch costs the processes of gunicorn: of two beside one, and that beside the growth of empty views."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now = Platform(workload["platform_pem"]), workload["now"]
    with ExitStack() as serving:
        tasks = {
            f"{what}{number}": serving.enter_context(workers.serving(number, (workload_file, url), platform, now)).burst
            for number in (1, 2)
            for what, url in (("ours", storage), ("empty", ""))
        }
        taken = measured({name: partial(burst, 100) for name, burst in tasks.items()}, rounds)
    one, two = itemgetter("ours1"), itemgetter("ours2")
    grows, empty_grows = _growth("ours"), _growth("empty")
    return [
        Row("login and launch, two workers of gunicorn", time_of(taken.median(two)),
            f"one: {time_of(taken.median(one))}", taken.ratio(two, one), 1.1),
        Row("growth from one worker to two", f"{taken.median(grows):.2f}",
            f"of empty views: {taken.median(empty_grows):.2f}", taken.ratio(grows, empty_grows), 1.1),
    ]  # fmt: skip


def _growth(what: str) -> Figure:
    """What two workers spend on one launch, as a multiple of what one does."""
    return lambda one: one[f"{what}2"] / one[f"{what}1"]
