"""What the compatibility package does otherwise than pylti1p3 2.0.0, and why: differences.toml as tables."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

Recorded = Mapping[str, Any]
HERE = Path(__file__).parent
RECORDED = HERE.parent / "tests" / "pylti1p3"
TEXT, CLASS, RESULT = "text", "class", "result"


@frozen
class Row:
    """One difference; differences.toml says what `cases` and `kind` are."""

    area: str
    what: str
    old: str
    here: str
    because: str
    cases: str
    kind: str = RESULT


@cache
def rows() -> tuple[Row, ...]:
    """All of them, in the order in which they are tried."""
    areas = tomllib.loads((HERE / "differences.toml").read_text("utf-8"))
    return tuple(Row(area, **row) for area, found in areas.items() for row in found)


def kind_of(old: Recorded, new: Recorded) -> str:
    """How two results differ: only in the text of what is raised, or in its class, or in anything."""
    if "raised" not in old or "raised" not in new or old.get("sent") != new.get("sent"):
        return RESULT
    sentence, _, _ = old["text"].partition(": ")
    if not new["text"].startswith(sentence):
        return RESULT
    return TEXT if old["raised"] == new["raised"] else CLASS


def row_of(case: str, kind: str) -> Row | None:
    """The row that a difference belongs to."""
    return next((row for row in rows() if row.kind == kind and re.fullmatch(row.cases, case)), None)


@cache
def recorded() -> tuple[Recorded, Recorded]:
    """What the old package did, and what this one does where it differs."""
    old, different = (json.loads((RECORDED / f"{name}.json").read_text("utf-8")) for name in ("behaviour", "different"))
    return old, different


def counts() -> dict[Row, int]:
    """How many cases each row has."""
    old, different = recorded()
    found = [row_of(case, kind_of(old[case], new)) for case, new in different.items()]
    return {row: found.count(row) for row in rows()}


def tables() -> str:
    """All rows, by area, as Markdown."""
    old, different = recorded()
    begin = (
        f"Both packages were run on the same {len(old):,} inputs, and do the same with {len(old) - len(different):,}.\n"
        "The others are in these tables. The last column says how many inputs show the difference.\n"
    )
    areas = dict.fromkeys(row.area for row in rows())
    return "\n".join([begin, *(f"### {area}\n\n{''.join(_lines(area))}" for area in areas)])


def _lines(area: str) -> Iterator[str]:
    yield "| | the old package | here | because | cases |\n|---|---|---|---|---|\n"
    for row, number in counts().items():
        if row.area == area:
            yield f"| {row.what} | {row.old} | {row.here} | {row.because} | {number} |\n"
