"""Django's admin over a database that the old package made, with the app under its old path and under its new one."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.django_admin import NAME, PASSWORD
from tests.browser.steps import shot, turn_page

ROOT = Path(__file__).parents[2]
OLD = ROOT / "tests" / "data" / "pylti1p3-2.0.0-django.sqlite3"
TABLES = {
    "lti1p3_tool": "id, title, is_active, issuer, client_id, use_by_default, auth_login_url, auth_token_url,"
    " auth_audience, key_set_url, key_set, tool_key_id, deployment_ids",
    "lti1p3_tool_key": "id, name, private_key, public_key, public_jwk",
}
OLD_PATH = "lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config"


def rows(file: Path) -> dict[str, list[Any]]:
    """What the old package knows of both tables."""
    with sqlite3.connect(file) as database:
        found = {table: database.execute(f"SELECT {names} FROM {table}").fetchall() for table, names in TABLES.items()}
    database.close()
    return found


@frozen
class Site:
    """A project over a copy of the old database."""

    file: Path
    admin: str
    migrated: list[str]
    again: list[str]


@pytest.fixture(scope="module", params=[OLD_PATH, "lti_storage.django"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = Path(shutil.copy(OLD, tmp_path_factory.mktemp("old") / "old.sqlite3"))
    command = [sys.executable, "-m", "tests.browser.django_admin", request.param, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told: dict[str, Any] = json.loads(process.stdout.readline())
        yield Site(file=file, **told)
        process.stdin.close()


@pytest.fixture
def admin(site: Site, open_browser: Chrome) -> str:
    """The address of the app in the admin, where an administrator has logged in."""
    open_browser.delete_all_cookies()
    open_browser.get(site.admin)
    open_browser.find_element(By.NAME, "username").send_keys(NAME)
    open_browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    turn_page(open_browser, open_browser.find_element(By.CSS_SELECTOR, "input[type=submit]"))
    return f"{site.admin}lti1p3_tool_config"


def page(browser: Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "body").text


def value(browser: Chrome, name: str) -> str | None:
    return browser.find_element(By.NAME, name).get_attribute("value")


def test_only_what_was_added_is_made_and_nothing_a_second_time(site: Site) -> None:
    assert (site.migrated, site.again) == (["lti1p3_tool_config.0002_added"], [])
    assert rows(site.file) == rows(OLD)


def test_the_registrations_are_listed_and_shown_with_what_they_had(
    site: Site, admin: str, open_browser: Chrome
) -> None:
    open_browser.get(f"{admin}/ltitool/")
    for issuer in ("https://moodle.example", "https://canvas.instructure.com", "https://inline.example"):
        assert issuer in page(open_browser)
    shot(open_browser, "old-database-tools")
    names = TABLES["lti1p3_tool"].split(", ")
    kept = dict(zip(names, rows(site.file)["lti1p3_tool"][0], strict=True))
    open_browser.get(f"{admin}/ltitool/{kept['id']}/change/")
    for name in ("title", "issuer", "client_id", "auth_login_url", "auth_token_url", "key_set_url", "deployment_ids"):
        assert value(open_browser, name) == kept[name]


def test_a_registration_is_changed_and_the_rest_stays(site: Site, admin: str, open_browser: Chrome) -> None:
    before = rows(site.file)
    pk, title, *_ = before["lti1p3_tool"][0]
    open_browser.get(f"{admin}/ltitool/{pk}/change/")
    open_browser.find_element(By.NAME, "title").send_keys(" (old)")
    turn_page(open_browser, open_browser.find_element(By.NAME, "_save"))
    assert "was changed successfully" in page(open_browser)
    shot(open_browser, "old-database-changed")
    after = rows(site.file)
    assert after["lti1p3_tool_key"] == before["lti1p3_tool_key"]
    changed = [(old, new) for old, new in zip(before["lti1p3_tool"], after["lti1p3_tool"], strict=True) if old != new]
    ((old, new),) = changed
    assert (old[1], new[1]) == (title, f"{title} (old)")
    assert old[2:] == new[2:]


def test_a_key_is_shown_without_its_private_half(site: Site, admin: str, open_browser: Chrome) -> None:
    pk, name, private_key, _, public_jwk = rows(site.file)["lti1p3_tool_key"][0]
    open_browser.get(f"{admin}/ltitoolkey/")
    assert name in page(open_browser)
    open_browser.get(f"{admin}/ltitoolkey/{pk}/change/")
    assert json.loads(public_jwk)["kid"] in open_browser.page_source
    assert private_key.splitlines()[1] not in open_browser.page_source


def test_a_key_that_is_used_cannot_be_deleted(site: Site, admin: str, open_browser: Chrome) -> None:
    pk = rows(site.file)["lti1p3_tool_key"][0][0]
    open_browser.get(f"{admin}/ltitoolkey/{pk}/delete/")
    assert "protected" in page(open_browser)
    assert len(rows(site.file)["lti1p3_tool_key"]) == 2
