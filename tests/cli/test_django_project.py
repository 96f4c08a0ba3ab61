"""The `lti` commands with a storage of Django: in a project, and without one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.cli.conftest import PROGRAM
from tests.cli.launching import ADDRESS
from tests.fakes import TOOL_PEM
from tests.frameworks.steps import KEY, begun, code_of, post

FRAMEWORKS = ("flask", "django", "starlette")
IN_DJANGO = {"registrations": {"url": "django://"}, "storage": {"url": "django://"}, "tool": {"keys": "django://"}}
PROJECT = """
SECRET_KEY, ROOT_URLCONF, urlpatterns = "only for tests", "school", []
ALLOWED_HOSTS = ["localhost"]
INSTALLED_APPS = ["django.contrib.contenttypes", "lti_storage.django", "lti_adapters.django"]
MIDDLEWARE = ["lti_adapters.django.middleware.LtiMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "kept.sqlite3", "OPTIONS": {
    "timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}}}
"""

Start = Callable[..., Any]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project with a registration and a key in its database, made by commands: each takes seconds."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "school.py").write_text(PROJECT)
    platform = SimulatedPlatform(keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
    (folder / "old.json").write_text(json.dumps(platform.registration_document(private_key=TOOL_PEM)))
    settings_in(folder, IN_DJANGO)
    for command in (
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"],
        [*PROGRAM, "registrations", "add", "--config", "lti.json", "--from", "old.json"],
        [*PROGRAM, "keys", "new", "--config", "lti.json"],
    ):
        subprocess.run(command, cwd=folder, env={**os.environ, "DJANGO_SETTINGS_MODULE": "school"}, check=True)
    return folder


@pytest.fixture
def project(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of it in the test's folder; commands are told of it by the environment."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "school")


def settings_in(folder: Path, settings: object) -> Path:
    path = folder / "lti.json"
    path.write_text(json.dumps(settings))
    return path


def settings_at(storage: str) -> dict[str, object]:
    """Settings of a tool that keeps what it remembers there."""
    return {"registrations": {"document": {}}, "storage": {"url": storage}}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_tool_keeps_everything_in_a_project_whatever_its_own_framework(
    project: None, start: Start, framework: str
) -> None:
    tool = start("tool", "--config", "lti.json", "--port", 0, "--framework", framework, "--workers", 2)
    (url,) = ADDRESS.findall(tool.lines_until("Tool")[0])
    served = SimulatedPlatform(tool_url=url, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
    browser = HttpClient(url)
    form = begun(served, browser)
    assert post(served, browser, form).status == 200
    assert [code_of(post(served, browser, form)) for _ in range(4)] == ["launch.nonce_used"] * 4
    status, _, errors = tool.press_ctrl_c()
    assert status == 0
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("framework", "storage"),
    [("flask", "django://"), ("django", "django-cache://default"), ("starlette", "django://")],
)
def test_without_a_project_it_is_said_what_is_missing(
    start: Start, tmp_path: Path, framework: str, storage: str
) -> None:
    settings = settings_in(tmp_path, settings_at(storage))
    status, out, errors = start("tool", "--config", settings, "--port", 0, "--framework", framework).ended()
    assert (status, out, errors.count("\n")) == (2, "", 1)
    assert "DJANGO_SETTINGS_MODULE" in errors


def test_a_project_without_a_database_is_told_so(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bare.py").write_text(PROJECT.partition("DATABASES")[0])
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "bare")
    status, _, errors = start("registrations", "list", "--config", settings_in(tmp_path, IN_DJANGO)).ended()
    assert (status, errors.count("\n")) == (2, 1)
    assert "no database 'default' in Django's setting DATABASES" in errors


def test_the_tables_of_a_project_are_made_by_its_own_command(start: Start, tmp_path: Path) -> None:
    status, out, _ = start("storage", "init", "--config", settings_in(tmp_path, IN_DJANGO)).ended()
    assert (status, out.splitlines()) == (
        0,
        [
            f"{setting}: python manage.py migrate makes the tables."
            for setting in ("storage.url", "registrations.url", "tool.keys")
        ],
    )


@pytest.mark.parametrize(
    ("framework", "storage"),
    [("flask", "memory://"), ("django", "django-cache://default"), ("starlette", "memory://")],
)
def test_no_memory_of_one_process_is_taken_for_several_workers(
    project: None, start: Start, tmp_path: Path, framework: str, storage: str
) -> None:
    settings = settings_in(tmp_path, settings_at(storage))
    how = ("--config", settings, "--port", 0, "--framework", framework, "--workers", 2)
    status, out, errors = start("tool", *how).ended()
    assert (status, out) == (2, "")
    assert "config.storage_not_shared" in errors
