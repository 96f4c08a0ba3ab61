"""The rows of the old package's interface: what ours costs over this library, beside the package itself."""

from operator import itemgetter

from benchmarks.rounds import Rounds, Side, measured
from benchmarks.table import Row, added_by, time_of


def compat_rows(new: Side, old: Side, services: Side, rounds: int) -> list[Row]:
    """All of them. The requests for tokens come first, of a tool that just started."""
    asked = _tokens_row(new, old, services)
    short = _measured(new, old, ("launch", "launch, keys by address", "redirect", "empty", "memory"), rounds)
    long = _measured(new, old, ("launches", "members"), max(rounds // 5, 2))
    return [
        _row("launch, keys in the configuration", short, "launch", 0.35),
        _row("launch, keys at their address", short, "launch, keys by address", 0.35),
        _row("login", short, "redirect", 1.1),
        _flask_row(short),
        _row("a score in each of 50 launches", long, "launches", 0.1),
        asked,
        _row("10,000 members in 100 pages", long, "members", 1.0),
    ]


def _measured(new: Side, old: Side, tasks: tuple[str, ...], rounds: int) -> Rounds:
    """Each task by both, the two one right after the other."""
    return measured(
        {
            name: lambda side=side, task=task: side.ask(task)  # type: ignore[misc]  # of this turn of the loop
            for task in tasks
            for name, side in ((task, new), (f"old {task}", old))
        },
        rounds,
    )


def _row(what: str, taken: Rounds, task: str, target: float) -> Row:
    figure, beside = itemgetter(task), itemgetter(f"old {task}")
    return Row(
        f"pylti1p3's interface: {what}",
        time_of(taken.median(figure)),
        f"pylti1p3: {time_of(taken.median(beside))}",
        taken.ratio(figure, beside),
        target,
    )


def _flask_row(taken: Rounds) -> Row:
    figure, beside = added_by("memory", "empty"), added_by("old memory", "old empty")
    return Row(
        "pylti1p3's interface: login and launch in Flask",
        f"adds {time_of(taken.median(figure))}",
        f"pylti1p3 adds {time_of(taken.median(beside))}",
        taken.ratio(figure, beside),
        None,
    )


def _tokens_row(new: Side, old: Side, services: Side) -> Row:
    counts = []
    for side in (new, old):
        services.ask("counts")
        side.ask("launches")
        counts.append(services.ask("counts")["tokens"])
    ours, theirs = counts
    return Row(
        "pylti1p3's interface: requests for tokens in 50 launches", str(ours), f"pylti1p3: {theirs}", float(ours), 1.0
    )
