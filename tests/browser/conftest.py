"""A real Chromium, and the demo as a person starts it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-compositing",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,1400",
)
ALLOWED, BLOCKED = 0, 1  # Chromium's setting for third-party cookies
NO_COOKIES = {"profile.default_content_setting_values.cookies": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if (CHROMIUM and DRIVER) or os.environ.get("CI"):
        return
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.skip(reason="left out: needs Debian's chromium and chromium-driver"))


@pytest.fixture(scope="session")
def demo() -> Iterator[str]:
    """The address of a running demo, on free ports of its own."""
    command = [sys.executable, "-c", "from lti_adapters.cli import main; main()", "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            told = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert told, "the demo did not tell its address"
            yield told[0]
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) in (0, 130)


def chromium(third_party_cookies: int, **more: int) -> Iterator[Chrome]:
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in (*QUIET, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.add_experimental_option(
            "prefs",
            {
                "profile.cookie_controls_mode": third_party_cookies,
                "profile.block_third_party_cookies": third_party_cookies == BLOCKED,
                **more,
            },
        )
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = Chrome(options, ChromeService(str(DRIVER)))
        browser.set_script_timeout(5)  # one that meets a page on its way out may never come back
        try:
            yield browser
        finally:
            browser.quit()


@pytest.fixture(scope="session")
def open_browser() -> Iterator[Chrome]:
    """Third-party cookies are allowed."""
    yield from chromium(ALLOWED)


@pytest.fixture(scope="session")
def strict_browser() -> Iterator[Chrome]:
    """Third-party cookies are blocked."""
    yield from chromium(BLOCKED)


@pytest.fixture(scope="session")
def cookieless_browser() -> Iterator[Chrome]:
    """No cookie is kept, whoever sets it."""
    yield from chromium(BLOCKED, **NO_COOKIES)


@pytest.fixture(params=["third-party cookies allowed", "third-party cookies blocked"])
def browser(request: pytest.FixtureRequest) -> Chrome:
    """Both kinds of browser, one after the other."""
    name = "open_browser" if request.param.endswith("allowed") else "strict_browser"
    found: Chrome = request.getfixturevalue(name)
    found.delete_all_cookies()
    return found
