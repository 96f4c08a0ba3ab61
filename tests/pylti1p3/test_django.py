"""A Django project that was written for the old package, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(
    scope="module", params=["lti_storage.django", "lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config"]
)
def happened(request: pytest.FixtureRequest) -> Any:
    command = [sys.executable, "-m", "tests.pylti1p3.django_tool", request.param]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_launches_by_either_name_of_the_app(happened: Any) -> None:
    assert happened["launch"]["sub"] == "u-42"
    assert happened["launch"]["from"] == {"from": "menu"}
    assert happened["again"] == {"sub": "u-42"}


def test_a_login_without_a_client_id_takes_the_default_one(happened: Any) -> None:
    assert happened["client_id"] == "tool-1"


def test_one_configuration_object_answers_with_a_client_id_and_without_and_reads_the_rows_anew(happened: Any) -> None:
    assert happened["asked"] == [
        ["tool-0", "https://lms.example/auth"],
        ["tool-1", "https://lms.example/auth"],
        ["tool-0", "https://lms.example/new"],
    ]


def test_a_tool_whose_deployments_cannot_be_read_is_found_and_its_launches_are_refused(happened: Any) -> None:
    client_id, refusal = happened["looked_up"]
    assert client_id == "tool-0"
    assert "deployment_ids is not JSON" in refusal


def test_a_launch_works_once(happened: Any) -> None:
    assert happened["replay"]["refused"].startswith("Invalid Nonce")


def test_a_launch_may_be_validated_twice_while_a_request_is_answered_and_not_again(happened: Any) -> None:
    first, later = happened["looked_at"]
    assert first["sub"] == "u-42"
    assert later["refused"].startswith("Invalid Nonce")


def test_it_works_in_a_frame(happened: Any) -> None:
    assert happened["framed"]
    assert len(happened["cookies"]) == 2
    for cookie in happened["cookies"]:
        assert cookie.endswith("SameSite=None; Secure; Partitioned") or "; Partitioned" in cookie


def test_the_keys_are_published_once_each(happened: Any) -> None:
    assert len(happened["kids"]) == 1


def test_keys_of_fixtures_are_published_and_empty_parameters_ask_for_all(happened: Any) -> None:
    assert happened["published"] == [1, 1, 1, 1, 0]


def test_a_session_in_a_cookie_keeps_two_launches(happened: Any) -> None:
    assert happened["kept"] == [False, True, True]
