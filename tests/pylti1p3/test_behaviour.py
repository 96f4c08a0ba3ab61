"""Both packages do the same with the same inputs, but for what is listed. behaviour.json is what the old one did."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pylti1p3.behaviour_of import behaviour

OLD: dict[str, Any] = json.loads((Path(__file__).parent / "behaviour.json").read_text())
NEW: dict[str, Any] = json.loads(json.dumps(behaviour("lti_adapters.pylti1p3")))
NO_NUMBER = ("True", "nan", "inf")
DIFFERENT = {
    # roles: the core's vocabulary, whole names only
    "roles: Student": ["Student"],
    "roles: TeachingAssistant": ["TeachingAssistant"],
    "roles: context TeachingAssistant": ["TeachingAssistant"],
    "roles: sub PrimaryInstructor": ["Teacher"],
    "roles: institution Administrator": ["Staff"],
    "roles: system SysSupport": ["Staff"],
    **{f"roles: sub {name}": [] for name in ("Administrator", "ContentDeveloper", "Instructor")},
    **{f"roles: sub {name}": [] for name in ("Learner", "Member", "Mentor")},
    "roles: context User": [],
    # what was not set is left out; what the platform sent is kept
    "empty content item": {"type": "ltiResourceLink", "custom": {}},
    "line item read": {"id": "1", "label": "L", "scoreMaximum": 5, "tag": "t", "resourceId": "r", "vendor": 1},
}
REFUSED = {f"{what} {number}" for what in ("score given", "score maximum", "line item maximum") for number in NO_NUMBER}
NO_CONTENT_SHOWN = ("Key '", "Invalid deployment_ids", "Invalid configuration")  # the old text held the whole entry


def test_there_are_several_hundred_cases() -> None:
    assert len(OLD) == len(NEW) > 700


@pytest.mark.parametrize("case", sorted(OLD.keys() - DIFFERENT.keys() - REFUSED))
def test_it_does_what_the_old_package_did(case: str) -> None:
    old, new = OLD[case], NEW[case]
    if "raised" not in old:
        assert new == old
    elif old["text"].startswith(NO_CONTENT_SHOWN):
        assert new["text"].split("the")[0] == old["text"].split("the")[0]
    else:
        assert new["text"] == old["text"]
        assert new["raised"] in (old["raised"], "ConfigException", "LtiException")


@pytest.mark.parametrize("case", sorted(DIFFERENT))
def test_it_differs_where_the_old_package_was_wrong(case: str) -> None:
    assert NEW[case] == {"is": DIFFERENT[case]} != OLD[case]


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_what_is_no_number_is_refused(case: str) -> None:
    assert "is" in OLD[case]
    assert NEW[case]["raised"] == "LtiException"
