"""What a person does in the demo, and sees there."""

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait


def choose(browser: Chrome, person: str = "learner", activity: str = "quiz-1") -> None:
    browser.find_element(By.CSS_SELECTOR, f"input[name=person][value={person}]").click()
    Select(browser.find_element(By.NAME, "activity")).select_by_value(activity)


def press(browser: Chrome, how: str) -> None:
    browser.find_element(By.CSS_SELECTOR, f"button[name=how][value={how}]").click()


def tool_page(browser: Chrome) -> str:
    """The text of the tool's page, once it stands in the platform's frame."""
    browser.switch_to.default_content()
    WebDriverWait(browser, 20).until(lambda b: b.find_elements(By.CSS_SELECTOR, "iframe[name=tool]"))
    browser.switch_to.frame("tool")

    def told(b: Chrome) -> str | None:
        at_tool = b.execute_script("return location.hostname + location.pathname") == "localhost/lti/launch"
        b.execute_script("document.querySelectorAll('details').forEach(details => details.open = true)")
        return b.find_element(By.TAG_NAME, "main").text if at_tool else None

    text: str = WebDriverWait(browser, 20).until(told)
    return text


def launched(browser: Chrome, demo: str, person: str, activity: str = "quiz-1") -> str:
    browser.get(demo)
    choose(browser, person, activity)
    press(browser, "frame")
    return tool_page(browser)


def complaints(browser: Chrome) -> list[str]:
    """What the browser's console says of blocked scripts, styles and frames."""
    return [entry["message"] for entry in browser.get_log("browser") if "Security Policy" in entry["message"]]
