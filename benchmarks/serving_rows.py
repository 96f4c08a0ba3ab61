"""The rows of frameworks, stores and workers."""

import json
from contextlib import ExitStack
from functools import partial
from operator import itemgetter
from pathlib import Path

from benchmarks import workers
from benchmarks.lms import Platform
from benchmarks.rounds import Side, measured
from benchmarks.table import Row, added_by, time_of


def framework_rows(side: Side, rounds: int) -> list[Row]:
    """What this library costs in each framework, over that one's empty views; on SQLite also what a thread costs."""
    names = ("flask", "django", "starlette", "fastapi")
    tasks = (*names, *(f"empty {name}" for name in names), "flask on sqlite", "starlette on sqlite")
    taken = measured({task: partial(side.ask, task) for task in tasks}, rounds)

    def row(name: str, beside: str, store: str, target: float | None) -> Row:
        figure, other = (added_by(one + store, f"empty {one}") for one in (name, beside))
        empty = itemgetter(f"empty {name}")
        text = f"to {time_of(taken.median(empty))} of empty views"
        return Row(f"login and launch in {name}{store}", f"adds {time_of(taken.median(figure))}", text,
                   taken.ratio(figure, other), target)  # fmt: skip

    others = [row(name, "flask", "", 1.5) for name in names[1:]]
    return [row("flask", "flask", "", None), *others, row("starlette", "flask", " on sqlite", None)]


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
    """What a launch costs the processes of gunicorn, two beside one: in all, and what is added to empty views."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now = Platform(workload["platform_pem"]), workload["now"]
    with ExitStack() as serving:
        tasks = {
            f"{what}{number}": serving.enter_context(workers.serving(number, (workload_file, url), platform, now)).burst
            for number in (1, 2)
            for what, url in (("ours", storage), ("empty", ""))
        }
        taken = measured({name: partial(burst, 100) for name, burst in tasks.items()}, rounds)
    one, two, empty_one, empty_two = map(itemgetter, ("ours1", "ours2", "empty1", "empty2"))
    adds_one, adds_two = added_by("ours1", "empty1"), added_by("ours2", "empty2")
    return [
        Row("login and launch, two workers of gunicorn", time_of(taken.median(two)),
            f"one: {time_of(taken.median(one))}", taken.ratio(two, one), 1.1),
        Row("of that, this library", f"adds {time_of(taken.median(adds_two))}",
            f"one: adds {time_of(taken.median(adds_one))}", taken.ratio(adds_two, adds_one), 1.1),
        Row("of that, empty views", time_of(taken.median(empty_two)),
            f"one: {time_of(taken.median(empty_one))}", taken.ratio(empty_two, empty_one), None),
    ]  # fmt: skip
