"""`python -m benchmarks`: measure, and print a table. `--quick` takes a tenth of the time, and says less."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
from attrs import frozen
from rich.console import Console
from rich.table import Table

from benchmarks.imports import import_cpu, loaded_by_help
from benchmarks.lms import new_pem
from benchmarks.rounds import ROOT, Side, least

OLD = ROOT / ".benchmarks" / "venv"
OLD_PACKAGES = ("PyLTI1p3==2.0.0", "flask")


@frozen
class Row:
    """One figure, beside what it is measured by."""

    what: str
    figure: str
    beside: str
    ratio: float | None
    target: float | None

    @property
    def met(self) -> str:
        """Whether the target is met."""
        if self.target is None or self.ratio is None:
            return ""
        return "yes" if self.ratio <= self.target else "NO"


@click.command()
@click.option("--quick", is_flag=True, help="A tenth of the time.")
def main(quick: bool) -> None:
    """Measure this library beside the least that could be spent, and beside pylti1p3 2.0.0."""
    console = Console(width=130)
    python = _old_environment(console)
    with tempfile.TemporaryDirectory() as folder:
        workload = _workload(Path(folder), quick)
        with (
            Side("benchmarks.new_core", workload) as core,
            Side("benchmarks.new_flask", workload) as new,
            Side("benchmarks.old", workload, python=python) as old,
        ):
            console.print("Measuring the core ...")
            rows = _core_rows(core, old, 5 if quick else 15)
            console.print("Measuring in Flask ...")
            rows += _flask_rows(new, old, 2 if quick else 5)
    console.print("Measuring imports ...")
    spent, floor = import_cpu(5 if quick else 15)
    rows.append(Row("import lti_core.launch", _ms(spent), f"the libraries below it: {_ms(floor)}", spent / floor, 2.0))
    loaded = loaded_by_help()
    rows.append(Row("lti --help", f"loads {loaded}", "neither container nor framework", float(loaded != "[]"), 0.0))
    console.print(_table(rows))


def _old_environment(console: Console) -> str:
    """The interpreter that has pylti1p3, made when it is missing."""
    python = OLD / "bin" / "python"
    if subprocess.run([python, "-c", "import pylti1p3, flask"], check=False).returncode if python.exists() else True:
        console.print(f"Making an environment for {OLD_PACKAGES[0]} ...")
        subprocess.run([sys.executable, "-m", "venv", OLD], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *OLD_PACKAGES], check=True)
    return str(python)


def _workload(folder: Path, quick: bool) -> str:
    tool_pem = new_pem()
    (folder / "tool.pem").write_text(tool_pem)
    workload = {
        "platform_pem": new_pem(),
        "tool_pem": tool_pem,
        "tool_pem_file": str(folder / "tool.pem"),
        "now": int(time.time()),
        "count": 200,
        "round_trips": 50 if quick else 200,
        "logins": 5_000 if quick else 200_000,
    }
    (folder / "workload.json").write_text(json.dumps(workload))
    return str(folder / "workload.json")


def _core_rows(core: Side, old: Side, rounds: int) -> list[Row]:
    tasks = [(core, "launch"), (core, "launch floor"), (old, "launch"), (core, "login"), (old, "login")]
    launch, floor, old_launch, login, old_login = least(
        [lambda side=side, task=task: side.ask(task) for side, task in tasks],  # type: ignore[misc]
        rounds,
    )
    return [
        Row("core launch", _us(launch), f"verify and read the token: {_us(floor)}", launch / floor, 2.5),
        Row("pylti1p3 launch", _us(old_launch), f"the same floor: {_us(floor)}", old_launch / floor, None),
        Row("core login", _us(login), f"pylti1p3: {_us(old_login)}", login / old_login, 1.0),
    ]


def _flask_rows(new: Side, old: Side, rounds: int) -> list[Row]:
    asked = new.ask("warm requests")
    tasks = [(new, "empty"), (new, "memory"), (new, "sqlite"), (old, "empty"), (old, "memory")]
    empty, memory, sqlite, old_empty, old_memory = least(
        [lambda side=side, task=task: side.ask(task) for side, task in tasks],  # type: ignore[misc]
        rounds,
    )
    added = old_memory - old_empty
    kept = new.ask("logins")
    return [
        Row("login and launch in Flask, memory", f"adds {_us(memory - empty)}", f"pylti1p3 adds {_us(added)}",
            (memory - empty) / added, 0.4),
        Row("login and launch in Flask, SQLite", f"adds {_us(sqlite - empty)}", f"pylti1p3 adds {_us(added)}",
            (sqlite - empty) / added, 0.8),
        Row("requests on a warm launch", str(asked), "none", float(asked), 0.0),
        Row("memory after many logins", f"{kept['after']} KiB", f"{kept['before']} KiB before",
            kept["after"] / kept["before"], 1.02),
        Row("storage after many logins", f"{kept['grown']} bytes more", "none", float(kept["grown"]), 0.0),
    ]  # fmt: skip


def _table(rows: list[Row]) -> Table:
    table = Table("What", "Figure", "Beside", "Ratio", "Target", "Met")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        target = "" if row.target is None else f"<= {row.target:g}"
        table.add_row(row.what, row.figure, row.beside, ratio, target, row.met)
    return table


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"


if __name__ == "__main__":
    main()
