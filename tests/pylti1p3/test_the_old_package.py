"""What was recorded of the old package is what it does: it is installed from the package index, and asked again."""

import json
import subprocess
from typing import Any

import pytest

from tests.pylti1p3.behaviour import RECORDED, read
from tests.pylti1p3.old_environment import ROOT, old_python


@pytest.fixture(scope="module")
def python() -> str:
    found = old_python()
    if found is None:
        pytest.skip("left out: pip cannot install PyLTI1p3 2.0.0 here; what was recorded of it is compared")
    return found


def answered(*command: str) -> Any:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_it_does_what_was_recorded_of_it(python: str) -> None:
    now, recorded = answered(python, "-m", "tests.pylti1p3.behaviour", "pylti1p3"), read("behaviour")
    assert now.keys() == recorded.keys()
    assert [case for case in now if repr(now[case]) != repr(recorded[case])] == []  # NaN is not equal to itself


def test_it_has_the_names_that_were_recorded_of_it(python: str) -> None:
    names = json.loads((RECORDED / "names.json").read_text("utf-8"))
    assert answered(python, "tests/pylti1p3/names_of_the_old.py") == names
