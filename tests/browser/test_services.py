"""The services of a launch in a real browser, in the platform's frame."""

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.browser.steps import complaints, launched, on_platform, opened, patient, press_main, text_of_page, tool_page


def fill(browser: Chrome, **fields: str) -> None:
    for name, value in fields.items():
        field = browser.find_element(By.NAME, name)
        field.clear()
        field.send_keys(value)


def choose_offered(browser: Chrome, name: str) -> bool:
    """Choose what to open, as soon as the platform's page offers it; the page writes its offers anew."""
    activity = Select(browser.find_element(By.NAME, "activity"))
    if name not in [option.text for option in activity.options]:
        return False
    activity.select_by_visible_text(name)
    return True


def test_a_teacher_reads_the_class_list(browser: Chrome, demo: str) -> None:
    launched(browser, demo, "teacher")
    page = opened(browser, "Members")
    for told in ("Σοφία Παππά", "u-learner", "student", "ليلى حداد"):
        assert told in page
    browser.find_element(By.LINK_TEXT, "Back to the launch").click()
    patient(browser).until(lambda b: b.find_elements(By.LINK_TEXT, "Groups"))
    assert "North pond" in opened(browser, "Groups")
    assert complaints(browser) == []


def test_a_score_arrives_in_the_platforms_gradebook(browser: Chrome, demo: str) -> None:
    comment = f"Seen in {browser.session_id}"
    launched(browser, demo, "teacher")
    opened(browser, "Grades")
    fill(browser, user_id="u-learner", given="7.5", comment=comment)
    press_main(browser)
    assert "7.5 of 10" in text_of_page(browser, "The score was sent")
    on_platform(browser, comment)
    assert complaints(browser) == []


def test_a_line_item_arrives_in_the_platforms_gradebook(browser: Chrome, demo: str) -> None:
    label = f"Essay {browser.session_id}"
    launched(browser, demo, "teacher")
    opened(browser, "Line items")
    fill(browser, label=label, score_maximum="20")
    press_main(browser)
    assert label in text_of_page(browser, "The line item was made")
    on_platform(browser, label)


def test_chosen_content_comes_back_as_a_link_that_can_be_opened(browser: Chrome, demo: str) -> None:
    launched(browser, demo, "teacher", "deep-linking")
    opened(browser, "Choose content")
    for name in ("quiz", "specification"):
        browser.find_element(By.CSS_SELECTOR, f"input[name=item][value={name}]").click()
    press_main(browser)
    text = text_of_page(browser, "Back in the course")
    assert "Sample quiz" in text
    assert "The LTI specification" in text
    on_platform(browser, "Sample quiz")
    patient(browser).until(lambda b: choose_offered(b, "Sample quiz"))
    browser.find_element(By.CSS_SELECTOR, "button[name=how][value=frame]").click()
    patient(browser).until(lambda b: "opened Sample quiz" in " ".join(tool_page(b).split()))
    assert complaints(browser) == []


def test_a_learner_is_told_what_is_not_for_them(open_browser: Chrome, demo: str) -> None:
    page = launched(open_browser, demo, "learner")
    assert "Members, Grades, Groups: Your role in this course does not allow that." in page
    assert [link.text for link in open_browser.find_elements(By.CSS_SELECTOR, ".offers a")] == ["Line items"]
