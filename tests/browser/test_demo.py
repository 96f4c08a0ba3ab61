"""The demo in a real browser: the tool in a frame on another site, third-party cookies allowed and blocked."""

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.browser.steps import choose, complaints, in_new_window, launched, patient, press, tool_page


def refused(browser: Chrome, demo: str, broken: str) -> str:
    browser.get(demo)
    Select(browser.find_element(By.NAME, "broken")).select_by_value(broken)
    press(browser, "broken")
    return tool_page(browser)


def test_a_learner_sees_who_was_launched_into_what(browser: Chrome, demo: str) -> None:
    page = launched(browser, demo, "learner")
    for told in ("Σοφία Παππά", "Biology 7", "Quiz 1", "student"):
        assert told in page
    assert complaints(browser) == []


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ("teacher", "Renée Lindqvist"),
        ("assistant", "Олена Шевченко"),
        ("observer", "ليلى حداد"),
        ("anonymous", "anonymously"),
    ],
)
def test_everybody_can_launch(open_browser: Chrome, demo: str, person: str, told: str) -> None:
    assert told in launched(open_browser, demo, person)


@pytest.mark.parametrize("activity", ["page-1", "deep-linking", "review-quiz-1"])
def test_a_teacher_can_open_every_activity(open_browser: Chrome, demo: str, activity: str) -> None:
    assert "Renée Lindqvist" in launched(open_browser, demo, "teacher", activity)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("expired", "launch.token_expired"),
        ("forged", "launch.signature_invalid"),
        ("wrong-audience", "launch.audience_mismatch"),
        ("platform-error", "launch.refused_by_platform"),
        ("unknown-kid", "launch.key_not_found"),
    ],
)
def test_a_broken_launch_is_refused_and_explained(open_browser: Chrome, demo: str, broken: str, code: str) -> None:
    page = refused(open_browser, demo, broken)
    assert code in page
    assert "What to do" in page
    assert complaints(open_browser) == []


@pytest.mark.parametrize(
    ("broken", "code"), [("replayed", "launch.nonce_used"), ("other-browser", "launch.browser_mismatch")]
)
def test_who_is_not_recognised_by_a_cookie_is_refused_in_either_browser(
    browser: Chrome, demo: str, broken: str, code: str
) -> None:
    page = refused(browser, demo, broken)
    assert code in page
    assert "What to do" in page
    assert complaints(browser) == []


def test_a_browser_that_keeps_no_cookies_launches_by_the_platforms_storage_or_is_told_so(
    cookieless_browser: Chrome, demo: str
) -> None:
    browser = cookieless_browser
    assert "Σοφία Παππά" in launched(browser, demo, "learner")
    browser.get(demo)
    choose(browser, storage="")
    press(browser, "frame")
    page = in_new_window(browser)
    for told in ("Your browser kept a cookie back", "new window or tab", "launch.browser_mismatch"):
        assert told in page
    assert browser.execute_cdp_cmd("Storage.getCookies", {})["cookies"] == []
    assert complaints(browser) == []


def test_where_partitioned_cookies_are_kept_no_storage_is_needed(strict_browser: Chrome, demo: str) -> None:
    assert "Σοφία Παππά" in launched(strict_browser, demo, "learner", storage="")
    assert complaints(strict_browser) == []


def test_the_login_cookie_is_partitioned_and_out_of_reach_of_scripts(browser: Chrome, demo: str) -> None:
    launched(browser, demo, "learner")
    assert browser.execute_script("return document.cookie") == ""
    browser.switch_to.default_content()
    cookies = browser.execute_cdp_cmd("Storage.getCookies", {})["cookies"]
    ours = {"-".join(cookie["name"].split("-")[:2]): cookie for cookie in cookies if cookie["name"].startswith("lti-")}
    assert set(ours) == {"lti-login", "lti-browser"}
    for cookie in ours.values():
        assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "None")
        assert cookie["partitionKey"]["topLevelSite"] == "http://127.0.0.1"


def test_two_tabs_can_launch_at_once(browser: Chrome, demo: str) -> None:
    first = browser.current_window_handle
    browser.switch_to.default_content()
    launched(browser, demo, "teacher")
    browser.switch_to.new_window("tab")
    assert "Σοφία Παππά" in launched(browser, demo, "learner")
    browser.close()
    browser.switch_to.window(first)
    assert "Renée Lindqvist" in tool_page(browser)


def test_a_launch_in_a_window_of_its_own_works_as_well(browser: Chrome, demo: str) -> None:
    first = browser.current_window_handle
    browser.get(demo)
    choose(browser, "learner")
    press(browser, "window")
    patient(browser).until(lambda b: len(b.window_handles) == 2)
    browser.switch_to.window(next(handle for handle in browser.window_handles if handle != first))
    patient(browser).until(lambda b: "Σοφία Παππά" in b.page_source)
    browser.close()
    browser.switch_to.window(first)


def test_the_page_tells_what_a_broken_launch_is(open_browser: Chrome, demo: str) -> None:
    open_browser.get(demo)
    Select(open_browser.find_element(By.NAME, "broken")).select_by_value("wrong-audience")
    about = open_browser.find_element(By.ID, "explained")
    patient(open_browser).until(lambda _: "audience" in about.text)
