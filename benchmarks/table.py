"""The table that is printed: one figure a row, beside what it is measured by."""

from attrs import frozen
from rich.table import Table

from benchmarks.rounds import Figure


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


def table(rows: list[Row]) -> Table:
    """The rows, to be printed."""
    table = Table("What", "Figure", "Beside", "Ratio", "Target", "Met")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        target = "" if row.target is None else f"<= {row.target:g}"
        table.add_row(row.what, row.figure, row.beside, ratio, target, row.met)
    return table


def time_of(seconds: float) -> str:
    """A time in the unit that fits."""
    return f"{seconds * 1e6:.1f} µs" if seconds < 0.01 else f"{seconds * 1e3:.0f} ms"


def added_by(task: str, empty: str) -> Figure:
    """What a task takes more than an empty one of the same round."""
    return lambda one: one[task] - one[empty]
