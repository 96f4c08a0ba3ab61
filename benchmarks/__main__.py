"""`python -m benchmarks`: measure, and print a table. `--quick` takes a tenth of the time, and says less."""

import json
import subprocess
import sys
import tempfile
import time
from operator import itemgetter
from pathlib import Path

import click
from rich.console import Console

from benchmarks import servers
from benchmarks.compat_rows import compat_rows
from benchmarks.imports import import_cpu, loaded_by_help
from benchmarks.lms import new_pem
from benchmarks.rounds import ROOT, Side, measured
from benchmarks.serving_rows import framework_rows, store_rows, trip_rows, worker_rows
from benchmarks.table import Row, added_by, table, time_of

OLD = ROOT / ".benchmarks" / "venv"
OLD_PACKAGES = ("PyLTI1p3==2.0.0", "flask")


@click.command()
@click.option("--quick", is_flag=True, help="A tenth of the time.")
def main(quick: bool) -> None:
    """Measure this library beside the least that could be spent, and beside pylti1p3 2.0.0."""
    console = Console(width=130)
    python = _old_environment(console)
    with tempfile.TemporaryDirectory() as folder:
        platform_pem = Path(folder) / "platform.pem"
        platform_pem.write_text(new_pem())
        with Side("benchmarks.service_platform", str(platform_pem)) as services:
            rows = _rows_beside(services, console, python, Path(folder), quick=quick)
    console.print("Measuring imports ...")
    rows += _import_rows(quick)
    console.print(table(rows))


def _rows_beside(services: Side, console: Console, python: str, folder: Path, *, quick: bool) -> list[Row]:
    """All rows that need the platform's services."""
    workload = _workload(folder, quick, services.ask("origin"))
    with (
        Side("benchmarks.new_core", workload) as core,
        Side("benchmarks.new_flask", workload) as flask,
        Side("benchmarks.new_services", workload) as new,
        Side("benchmarks.compat", workload, "pylti1p3", python=python) as old,
        Side("benchmarks.compat", workload, "lti_adapters.pylti1p3") as compat,
    ):
        console.print("Measuring the core ...")
        rows = _core_rows(core, old, 15 if quick else 40)
        console.print("Measuring in Flask ...")
        rows += _flask_rows(flask, old, 10 if quick else 25)
        console.print("Measuring the services ...")
        rows += _service_rows(new, old, 10 if quick else 25)
        rows += _sharing_rows(new, old, services)
        console.print("Measuring the interface of pylti1p3 ...")
        rows += compat_rows(compat, old, services, 10 if quick else 30)
    with Side("benchmarks.new_services", workload) as fresh:
        rows.append(_memory_row(fresh))
    with Side("benchmarks.new_frameworks", workload) as frameworks:
        console.print("Measuring in each framework ...")
        rows += framework_rows(frameworks, 6 if quick else 15)
    with servers.running(lambda why: console.print(f"Left out, {why}")) as found:
        console.print("Measuring on each store ...")
        stores = servers.stores_of(found, folder)
        with Side("benchmarks.new_stores", _with(workload, stores=stores)) as side:
            rows += store_rows(side, list(stores), 6 if quick else 15)
            rows += trip_rows(side, list(found))
        if "redis" in found:
            console.print("Measuring with workers ...")
            rows += worker_rows(workload, found["redis"].new_url(), 3 if quick else 10)
    return rows


def _import_rows(quick: bool) -> list[Row]:
    spent, floor = import_cpu(5 if quick else 15)
    loaded = loaded_by_help()
    return [
        Row("import lti_core.launch", time_of(spent), f"the libraries below it: {time_of(floor)}", spent / floor, 2.0),
        Row("lti --help", f"loads {loaded}", "neither container nor framework", float(loaded != "[]"), 0.0),
    ]


def _old_environment(console: Console) -> str:
    """The interpreter that has pylti1p3, made when it is missing."""
    python = OLD / "bin" / "python"
    if subprocess.run([python, "-c", "import pylti1p3, flask"], check=False).returncode if python.exists() else True:
        console.print(f"Making an environment for {OLD_PACKAGES[0]} ...")
        subprocess.run([sys.executable, "-m", "venv", OLD], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *OLD_PACKAGES], check=True)
    return str(python)


def _workload(folder: Path, quick: bool, services: str) -> str:
    tool_pem = new_pem()
    (folder / "tool.pem").write_text(tool_pem)
    workload = {
        "platform_pem": (folder / "platform.pem").read_text(),
        "tool_pem": tool_pem,
        "tool_pem_file": str(folder / "tool.pem"),
        "now": int(time.time()),
        "count": 100,
        "round_trips": 30,
        "logins": 5_000 if quick else 200_000,
        "services": services,
        "scores": 50,
        "many_members": 100_000 if quick else 1_000_000,
    }
    (folder / "workload.json").write_text(json.dumps(workload))
    return str(folder / "workload.json")


def _with(workload: str, **more: object) -> str:
    """The workload file with more in it."""
    file = Path(workload)
    file.write_text(json.dumps({**json.loads(file.read_text()), **more}))
    return workload


def _core_rows(core: Side, old: Side, rounds: int) -> list[Row]:
    taken = measured(
        {
            "launch": lambda: core.ask("launch"),
            "floor": lambda: core.ask("launch floor"),
            "old launch": lambda: old.ask("launch"),
            "login": lambda: core.ask("login"),
            "old login": lambda: old.ask("login"),
        },
        rounds,
    )
    floor, login, old_login = map(itemgetter, ("floor", "login", "old login"))

    def beside_floor(what: str, task: str, text: str, target: float | None) -> Row:
        figure = itemgetter(task)
        beside = f"{text}: {time_of(taken.median(floor))}"
        return Row(what, time_of(taken.median(figure)), beside, taken.ratio(figure, floor), target)

    return [
        beside_floor("core launch", "launch", "verify and read the token", 2.5),
        beside_floor("pylti1p3 launch", "old launch", "the same floor", None),
        Row("core login", time_of(taken.median(login)), f"pylti1p3: {time_of(taken.median(old_login))}",
            taken.ratio(login, old_login), 1.0),
    ]  # fmt: skip


def _flask_rows(new: Side, old: Side, rounds: int) -> list[Row]:
    asked = new.ask("warm requests")
    taken = measured(
        {
            "sqlite": lambda: new.ask("sqlite"),
            "memory": lambda: new.ask("memory"),
            "empty": lambda: new.ask("empty"),
            "old empty": lambda: old.ask("empty"),
            "old": lambda: old.ask("memory"),
        },
        rounds,
    )
    old_added = added_by("old", "old empty")

    def added(what: str, task: str, target: float) -> Row:
        figure, beside = added_by(task, "empty"), f"pylti1p3 adds {time_of(taken.median(old_added))}"
        return Row(what, f"adds {time_of(taken.median(figure))}", beside, taken.ratio(figure, old_added), target)

    kept = new.ask("logins")
    return [
        added("login and launch in Flask, memory", "memory", 0.4),
        added("login and launch in Flask, SQLite", "sqlite", 0.8),
        Row("requests on a warm launch", str(asked), "none", float(asked), 0.0),
        Row("memory after many logins", f"{kept['after']} KiB", f"{kept['before']} KiB before",
            kept["after"] / kept["before"], 1.02),
        Row("storage after many logins", f"{kept['grown']} bytes more", "none", float(kept["grown"]), 0.0),
    ]  # fmt: skip


def _service_rows(new: Side, old: Side, rounds: int) -> list[Row]:
    taken = measured(
        {
            "score": lambda: new.ask("score"),
            "floor": lambda: new.ask("score floor"),
            "old score": lambda: old.ask("score"),
            "old score again": lambda: old.ask("score again"),
            "members": lambda: new.ask("members"),
            "old members": lambda: old.ask("members"),
        },
        rounds,
    )

    def row(what: str, task: str, text: str, beside: str, target: float | None) -> Row:
        figure, other = itemgetter(task), itemgetter(beside)
        return Row(what, time_of(taken.median(figure)), f"{text}: {time_of(taken.median(other))}",
                   taken.ratio(figure, other), target)  # fmt: skip

    return [
        row("a score", "score", "the same by urllib3 alone", "floor", 1.3),
        row("a score", "score", "pylti1p3, the first of a launch", "old score", 0.1),
        row("a score", "score", "pylti1p3, a later one", "old score again", None),
        row("10,000 members in 100 pages", "members", "pylti1p3", "old members", 1.0),
    ]


def _sharing_rows(new: Side, old: Side, services: Side) -> list[Row]:
    """What is shared between launches."""
    counts = []
    for side in (new, old):
        services.ask("counts")
        side.ask("launches")
        counts.append(services.ask("counts"))
    ours, theirs = counts
    return [
        Row("requests for tokens in 50 launches", str(ours["tokens"]), f"pylti1p3: {theirs['tokens']}",
            float(ours["tokens"]), 1.0),
        Row("connections in 50 launches", str(ours["connections"]), f"pylti1p3: {theirs['connections']}",
            float(ours["connections"]), 2.0),
    ]  # fmt: skip


def _memory_row(new: Side) -> Row:
    kept = new.ask("memory")
    what = f"memory of a class list of {kept['members']:,}"
    few, many = kept["few"], kept["many"]
    return Row(what, f"{many} KiB at most", f"of 10,000: {few} KiB at most", many / few, 1.02)


if __name__ == "__main__":
    main()
