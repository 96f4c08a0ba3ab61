"""The page that looks for cookies as the old package's did, in a real Chromium, in the platform's frame."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from lti_adapters.pylti1p3.tool_config import ToolConfDict
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.web import create_platform_app, local_platform
from tests.browser.steps import choose, enter_tool, patient, press
from tests.frameworks.sites import wsgi


def tool_at(platform: SimulatedPlatform) -> Flask:
    """A tool written for the old package, but for its imports."""
    app = Flask(__name__)
    app.secret_key = "only for tests"
    document = platform.registration_document()
    configuration = ToolConfDict(document)
    for issuer, entries in document.items():
        for entry in entries if isinstance(entries, list) else [entries]:
            several = entry["client_id"] if isinstance(entries, list) else None
            configuration.set_private_key(issuer, platform.tool_private_key, client_id=several)

    @app.route("/lti/login", methods=["GET", "POST"])
    def login() -> Any:
        begun = FlaskOIDCLogin(FlaskRequest(), configuration).enable_check_cookies(main_msg="No cookies here.")
        return begun.redirect(f"{platform.tool_url}/lti/launch")

    @app.route("/lti/launch", methods=["POST"])
    def launch() -> Any:
        opened = FlaskMessageLaunch(FlaskRequest(), configuration)
        return f"<h1>Hello {opened.get_launch_data()['name']}</h1>"

    return app


@pytest.fixture(scope="module")
def platform() -> Iterator[SimulatedPlatform]:
    """A platform at 127.0.0.1, and a tool at localhost: two sites to a browser."""
    apps: dict[str, Any] = {}
    with (
        wsgi.serving(lambda _: lambda environ, begin: apps["tool"](environ, begin)) as tool_url,
        wsgi.serving(lambda _: lambda environ, begin: apps["platform"](environ, begin)) as platform_url,
    ):
        port = int(platform_url.rpartition(":")[2])
        served = local_platform("127.0.0.1", port, tool_url.replace("127.0.0.1", "localhost"))
        apps.update(tool=tool_at(served), platform=create_platform_app(served))
        yield served


def begin(browser: Chrome, platform: SimulatedPlatform) -> None:
    browser.switch_to.default_content()
    browser.execute_cdp_cmd("Storage.clearCookies", {})
    browser.get(platform.issuer)
    choose(browser)
    press(browser, "frame")
    patient(browser).until(lambda b: b.find_elements(By.NAME, "tool"))


def text_in_frame(browser: Chrome, element: str, wanted: str) -> bool:
    def told(b: Chrome) -> bool:
        enter_tool(b)
        return any(wanted in one.text for one in b.find_elements(By.CSS_SELECTOR, element))

    return bool(patient(browser).until(told))


def test_a_browser_that_blocks_third_party_cookies_launches(
    strict_browser: Chrome, platform: SimulatedPlatform
) -> None:
    begin(strict_browser, platform)
    assert text_in_frame(strict_browser, "h1", "Hello ")


def test_a_browser_that_keeps_no_cookie_is_offered_a_tab(
    cookieless_browser: Chrome, platform: SimulatedPlatform
) -> None:
    begin(cookieless_browser, platform)
    assert text_in_frame(cookieless_browser, "#lti1p3-warning-msg", "No cookies here.")
    link = cookieless_browser.find_element(By.ID, "lti1p3-new-tab-link")
    assert "lti1p3_new_window=1" in (link.get_attribute("href") or "")
