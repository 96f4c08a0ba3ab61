"""What a person does in the demo, and sees there."""

import os
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

SCREENSHOTS = Path(os.environ.get("LTI_SCREENSHOTS") or Path(__file__).parents[2] / "build" / "screenshots")


WHERE = """
const heading = document.querySelector("main h1")?.textContent;
return document.readyState === "complete" ? [location.hostname + location.pathname, heading] : ["", null];
"""
MOMENT = "One moment"  # a page on the way


def patient(browser: Chrome) -> WebDriverWait[Chrome]:
    """Waits also while one page of a frame makes room for the next. Selenium's own half a second adds up to minutes."""
    return WebDriverWait(browser, 30, poll_frequency=0.1, ignored_exceptions=[WebDriverException])


def where_is(browser: Chrome) -> tuple[str, str]:
    """Host and path of a page, and its heading; nothing of a page that is not there as a whole."""
    where, heading = browser.execute_script(WHERE)
    return where, heading or ""


def turn_page(browser: Chrome, button: WebElement) -> None:
    """Press a button that leads to another page, and wait until that is there as a whole."""
    before = browser.find_element(By.TAG_NAME, "html")
    button.click()
    patient(browser).until(staleness_of(before))
    patient(browser).until(lambda b: b.execute_script("return document.readyState") == "complete")


def choose(browser: Chrome, person: str = "learner", activity: str = "quiz-1", storage: str = "_parent") -> None:
    browser.find_element(By.CSS_SELECTOR, f"input[name=person][value={person}]").click()
    Select(browser.find_element(By.NAME, "activity")).select_by_value(activity)
    Select(browser.find_element(By.NAME, "storage")).select_by_value(storage)


def press(browser: Chrome, how: str) -> None:
    browser.find_element(By.CSS_SELECTOR, f"button[name=how][value={how}]").click()


def enter_tool(browser: Chrome) -> None:
    """Look into the platform's frame. Selenium, given a name, would first look for an id."""
    browser.switch_to.default_content()
    browser.switch_to.frame(browser.find_element(By.NAME, "tool"))


def tool_page(browser: Chrome) -> str:
    """The text of the tool's page, once it stands in the platform's frame."""

    def told(b: Chrome) -> str | None:
        enter_tool(b)
        where, heading = where_is(b)
        return all_text(b) if where.startswith("localhost/lti/launch") and heading != MOMENT else None

    return patient(browser).until(told)


def all_text(browser: Chrome) -> str:
    """The text of a page of the tool, with what a person would unfold."""
    browser.execute_script("document.querySelectorAll('details').forEach(details => details.open = true)")
    return browser.find_element(By.TAG_NAME, "main").text


def launched(browser: Chrome, demo: str, person: str, activity: str = "quiz-1", storage: str = "_parent") -> str:
    browser.get(demo)
    choose(browser, person, activity, storage)
    press(browser, "frame")
    return tool_page(browser)


def opened(browser: Chrome, name: str) -> str:
    """The text of the page that a link of the launch's page leads to."""
    browser.find_element(By.LINK_TEXT, name).click()
    return text_of_page(browser, name)


def text_of_page(browser: Chrome, heading: str) -> str:
    """The text of the page with that heading, once it stands in the platform's frame."""

    def told(b: Chrome) -> str | None:
        enter_tool(b)  # each time: a page of another host may stand in another process, and the driver falls out
        return b.find_element(By.TAG_NAME, "main").text if where_is(b)[1] == heading else None

    return patient(browser).until(told)


def press_main(browser: Chrome) -> None:
    browser.find_element(By.CSS_SELECTOR, "form button").click()


def on_platform(browser: Chrome, text: str) -> None:
    """Wait until the platform's own page says it."""
    browser.switch_to.default_content()
    patient(browser).until(lambda b: text in b.find_element(By.ID, "course").text)


def offered_window(browser: Chrome) -> WebElement:
    """The button of the page that offers a window of its own, once it stands in the platform's frame."""

    def offered(b: Chrome) -> WebElement | None:
        enter_tool(b)
        button = b.find_element(By.ID, "open")
        return button if button.is_displayed() else None

    return patient(browser).until(offered)


def in_new_window(browser: Chrome) -> str:
    """Open the window that is offered: the text of the tool's page there. The window is closed again."""
    first, before = browser.current_window_handle, set(browser.window_handles)
    offered_window(browser).send_keys(Keys.ENTER)
    patient(browser).until(lambda b: len(b.window_handles) > len(before))
    browser.switch_to.window((set(browser.window_handles) - before).pop())
    patient(browser).until(lambda b: where_is(b)[0] == "localhost/lti/launch")
    text = all_text(browser)
    shot(browser, f"new-window-{browser.title.replace(' ', '-').lower()}")
    browser.close()
    browser.switch_to.window(first)
    return text


def shot(browser: Chrome, name: str) -> None:
    """Leave a picture of what the person sees, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


def complaints(browser: Chrome) -> list[str]:
    """What the browser's console says of blocked scripts, styles and frames."""
    return [entry["message"] for entry in browser.get_log("browser") if "Security Policy" in entry["message"]]
