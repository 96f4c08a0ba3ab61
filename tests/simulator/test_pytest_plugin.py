"""The plug-in, as a user's own tests see it: in a process of its own."""

import subprocess
import sys

import pytest

USERS_TEST = """
from urllib.parse import urlencode

import pytest
from flask import Flask, redirect, request


@pytest.fixture
def client(lti_platform):
    app = Flask(__name__)
    asked = "scope=openid&response_type=id_token&response_mode=form_post&prompt=none&nonce=n&state=s"

    @app.post("/lti/login")
    def login():
        sent = {name: request.form[name] for name in ("client_id", "login_hint", "lti_message_hint")}
        own = urlencode({**sent, "redirect_uri": "https://localhost/lti/launch"})
        return redirect(f"https://platform.example/auth?{asked}&{own}")

    @app.post("/lti/launch")
    def launch():
        return request.form["id_token"]

    return app.test_client()


def test_a_launch(lti_platform, lti_learner, client):
    assert lti_platform.launch(client, user=lti_learner, resource_link="quiz-1").text.count(".") == 2


def test_people(lti_teacher, lti_assistant, lti_learner, lti_observer, lti_anonymous):
    assert [person.login for person in (lti_teacher, lti_assistant, lti_learner, lti_observer, lti_anonymous)] == [
        "teacher", "assistant", "learner", "observer", "anonymous"
    ]


def test_one_platform_serves_all(lti_platform, client):
    assert set(lti_platform.config) == {"registrations", "tool"}
"""


def run(*arguments, folder):
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)


TESTS_THAT_LEAVE_SOMETHING = """
import pytest


@pytest.mark.parametrize("time", [1, 2])
def test_nothing_is_left_of_the_time_before(lti_platform, time):
    assert lti_platform.gradebook["quiz-1"] == {}
    assert len(lti_platform.requests) == 0
    lti_platform.gradebook.set_score("quiz-1", "u-learner", 8)
    lti_platform.misbehave("status")
    lti_platform.services.requests.add(None)


def test_without_the_platform():
    pass
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What pytest says of a folder with both."""
    folder = tmp_path_factory.mktemp("users")
    (folder / "test_tool.py").write_text(USERS_TEST)
    (folder / "test_leaving.py").write_text(TESTS_THAT_LEAVE_SOMETHING)
    return run("-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", folder=folder).stdout


def test_fixtures_work_in_a_users_own_tests(report):
    assert report.count("PASSED test_tool.py::") == 3, report


def test_what_a_test_leaves_at_the_platform_the_next_does_not_find(report):
    assert report.count("PASSED test_leaving.py::") == 3, report


def test_the_plugin_imports_nothing_before_a_fixture_is_used(tmp_path):
    code = """
import sys
import lti_adapters.simulator.pytest_plugin
ours = ("lti_core", "lti_storage", "lti_adapters.simulator.platform", "flask", "jose", "cryptography", "attrs")
print([name for name in ours if name in sys.modules])
"""
    assert run("-c", code, folder=tmp_path).stdout.strip() == "[]"
