"""What either package does with the same inputs.

`python -m tests.pylti1p3.behaviour pylti1p3 > tests/pylti1p3/behaviour.json` records the old one. Run it at the top, by
the Python of an environment that has PyLTI1p3 2.0.0 and Flask. Each case is a name and a result: a value, or the
classes and the text of what was raised.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.pylti1p3.cases import (
    deep_links,
    grades,
    keys,
    launches,
    logins,
    own_classes,
    own_parts,
    questions,
    registrations,
    services,
    values,
)
from tests.pylti1p3.cases.kit import package

RECORDED = Path(__file__).parent
MODULES = (
    values,
    registrations,
    logins,
    launches,
    questions,
    grades,
    services,
    own_parts,
    own_classes,
    deep_links,
    keys,
)


def behaviour(name: str) -> dict[str, Any]:
    """All cases, as JSON has them."""
    of, found = package(name), dict[str, Any]()
    for case, result in (pair for module in MODULES for pair in module.cases(of)):
        assert case not in found, f"two cases are called {case}"
        found[case] = json.loads(json.dumps(result))
    return found


def written(results: Mapping[str, Any]) -> str:
    """As a file: one case a line."""
    lines = (f"{json.dumps(case)}: {json.dumps(results[case], sort_keys=True)}" for case in sorted(results))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read(name: str) -> dict[str, Any]:
    """What was recorded."""
    found: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return found


if __name__ == "__main__":
    sys.stdout.write(written(behaviour(sys.argv[1])))
