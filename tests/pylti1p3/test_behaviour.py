"""Both packages do the same with the same inputs, but for what the table of differences says.

behaviour.json is what the old one did, different.json what this one does where it differs.
"""

from typing import Any

import pytest

from docs.differences import RESULT, counts, kind_of, row_of, rows
from tests.pylti1p3.behaviour import behaviour, read

OLD, DIFFERENT = read("behaviour"), read("different")
OF_THE_PACKAGE = ("LtiException", "OIDCException", "LtiServiceException")
AREAS = (
    "configuration",
    "roles",
    "login",
    "launch",
    "score",
    "results",
    "line items",
    "members",
    "groups",
    "deep linking",
)


@pytest.fixture(scope="module")
def new() -> dict[str, Any]:
    return behaviour("lti_adapters.pylti1p3")


@pytest.mark.parametrize("area", AREAS)
def test_there_are_many_cases_of_each_thing(area: str) -> None:
    assert len([case for case in OLD if case.startswith(area)]) > 10


def test_both_were_asked_the_same(new: dict[str, Any]) -> None:
    assert new.keys() == OLD.keys()
    assert len(new) > 1500


@pytest.mark.parametrize("case", sorted(OLD))
def test_it_does_what_the_old_package_did_or_what_was_recorded(new: dict[str, Any], case: str) -> None:
    assert new[case] == DIFFERENT.get(case, OLD[case])


@pytest.mark.parametrize("case", sorted(DIFFERENT))
def test_each_difference_has_a_row_in_the_table(case: str) -> None:
    assert DIFFERENT[case] != OLD[case]
    assert row_of(case, kind_of(OLD[case], DIFFERENT[case]))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.what)
def test_each_row_of_the_table_has_a_difference_and_a_reason(row: Any) -> None:
    assert counts()[row]
    assert row.because


@pytest.mark.parametrize("case", sorted(case for case in OLD if "raised" in OLD[case]))
def test_whoever_caught_what_the_old_package_raised_catches_what_is_raised_here(new: dict[str, Any], case: str) -> None:
    (old, *_), now = OLD[case]["raised"], new[case].get("raised")
    assert now is None or old in now or (old not in OF_THE_PACKAGE and "LtiException" in now)


def test_a_difference_that_no_row_names_is_seen() -> None:
    assert row_of("launch: of nobody knows what", RESULT) is None
    assert kind_of({"is": 1}, {"is": 2}) == RESULT
