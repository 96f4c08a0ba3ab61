"""Django's admin, as an administrator uses it: a key by its button, a registration with its mistakes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.browser.steps import turn_page
from tests.django.conftest import _migrated, database
from tests.django.project import Wsgi
from tests.frameworks.sites import wsgi

__all__ = ["_migrated", "database"]

NAME, PASSWORD = "admin", "only for tests"
MOODLE = {
    "title": "Moodle of the school",
    "issuer": "https://moodle.example",
    "client_id": "moodle-1",
    "auth_login_url": "https://moodle.example/mod/lti/auth.php",
    "auth_token_url": "https://moodle.example/mod/lti/token.php",
    "key_set_url": "https://moodle.example/mod/lti/certs.php",
    "deployment_ids": '["1"]',
}


@pytest.fixture
def admin(database: None, open_browser: Chrome) -> Iterator[str]:
    """The address of the admin, where an administrator has logged in."""
    from django.contrib import admin as django_admin
    from django.contrib.auth.models import User
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.urls import path

    User.objects.create_superuser(NAME, "", PASSWORD)
    app = StaticFilesHandler(Wsgi(path("admin/", django_admin.site.urls)))
    with wsgi.serving(lambda _: app) as url:
        open_browser.get(f"{url}/admin/")
        open_browser.find_element(By.NAME, "username").send_keys(NAME)
        open_browser.find_element(By.NAME, "password").send_keys(PASSWORD)
        turn_page(open_browser, open_browser.find_element(By.CSS_SELECTOR, "input[type=submit]"))
        yield f"{url}/admin/lti1p3_tool_config"


def write(browser: Chrome, values: dict[str, str]) -> None:
    for name, value in values.items():
        field = browser.find_element(By.NAME, name)
        field.clear()
        field.send_keys(value)


def save(browser: Chrome) -> str:
    turn_page(browser, browser.find_element(By.NAME, "_save"))
    return browser.find_element(By.TAG_NAME, "body").text


def test_a_key_is_made_by_a_button_and_never_shown(admin: str, open_browser: Chrome, tmp_path: Path) -> None:
    from lti_storage.django.models import LtiToolKey

    open_browser.get(f"{admin}/ltitoolkey/")
    open_browser.save_screenshot(str(tmp_path / "keys.png"))
    turn_page(open_browser, open_browser.find_element(By.XPATH, "//input[@value='Make a key']"))
    open_browser.save_screenshot(str(tmp_path / "key.png"))
    (key,) = LtiToolKey.objects.all()
    pem, key_set = (area.get_attribute("value") or "" for area in open_browser.find_elements(By.TAG_NAME, "textarea"))
    assert "BEGIN PUBLIC KEY" in pem
    assert json.loads(key_set) == {"keys": [json.loads(key.public_jwk or "")]}
    assert key.private_key.splitlines()[1] not in open_browser.page_source
    assert "A new key was made" in open_browser.page_source


def test_a_private_key_that_was_pasted_is_not_sent_back(admin: str, open_browser: Chrome) -> None:
    open_browser.get(f"{admin}/ltitoolkey/add/")
    write(open_browser, {"name": "mine", "private_key": "-----BEGIN PRIVATE KEY-----\nsecret"})
    assert "must be an RSA key as PEM text" in save(open_browser)
    assert "secret" not in open_browser.page_source


def test_a_registration_is_added_and_its_mistakes_are_told(admin: str, open_browser: Chrome, tmp_path: Path) -> None:
    from lti_storage.django.registrations import DjangoRegistrations

    open_browser.get(f"{admin}/ltitool/add/")
    write(open_browser, {**MOODLE, "auth_login_url": "moodle", "deployment_ids": '["1"]'})
    assert "auth_login_url must be an absolute https address" in save(open_browser)
    open_browser.save_screenshot(str(tmp_path / "mistake.png"))
    write(open_browser, {"auth_login_url": MOODLE["auth_login_url"], "deployment_ids": "1"})
    assert "deployment_ids must be a list of texts" in save(open_browser)
    write(open_browser, {"deployment_ids": "[]"})
    Select(open_browser.find_element(By.NAME, "deployments")).select_by_value("any")
    assert "was added successfully" in save(open_browser)
    open_browser.save_screenshot(str(tmp_path / "added.png"))
    (found,) = DjangoRegistrations("django://").all()
    assert (found.issuer, found.deployments, found.private_key) == ("https://moodle.example", "any", None)
