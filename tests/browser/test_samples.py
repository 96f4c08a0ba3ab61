"""The sample games, written for the old package, in a real browser, in the platform's frame."""

import re
from collections.abc import Callable, Iterator
from operator import add, mul, sub

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from lti_adapters.simulator.people import STUDENT, Person
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.browser.samples import django_game, flask_game
from tests.browser.steps import choose, enter_tool, on_platform, patient, press, shot, where_is

SIGNS: dict[str, Callable[[int, int], int]] = {"+": add, "−": sub, "×": mul}
SOFIA = "Σοφία Παππά"
ADA = Person(id="u-ada", login="ada", about="takes this course, too", roles=(STUDENT,), name="Ada Lovelace")


@pytest.fixture(scope="module")
def arithmetic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedPlatform]:
    with flask_game(tmp_path_factory.mktemp("arithmetic")) as platform:
        yield platform


@pytest.fixture(scope="module")
def guessing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedPlatform]:
    with django_game(tmp_path_factory.mktemp("guessing")) as platform:
        yield platform


def opened(browser: Chrome, platform: SimulatedPlatform, person: str, activity: str, heading: str) -> str:
    browser.get(platform.issuer)
    choose(browser, person, activity)
    press(browser, "frame")
    return in_frame(browser, heading)


def in_frame(browser: Chrome, heading: str) -> str:
    """The text of the game's page with that heading, once it stands in the platform's frame."""

    def told(b: Chrome) -> str | None:
        enter_tool(b)
        return b.find_element(By.TAG_NAME, "main").text if where_is(b)[1].startswith(heading) else None

    return patient(browser).until(told)


def follow(browser: Chrome, link: str, heading: str) -> str:
    browser.find_element(By.LINK_TEXT, link).click()
    return in_frame(browser, heading)


def opened_again(browser: Chrome, platform: SimulatedPlatform, title: str, heading: str) -> str:
    """What a learner sees who opens the link of that title."""
    browser.get(platform.issuer)
    activity = Select(browser.find_element(By.NAME, "activity"))
    (value,) = [option.get_attribute("value") for option in activity.options if option.text == title]
    return opened(browser, platform, "learner", str(value), heading)


def answer_sums(browser: Chrome, wrong: int = 0) -> None:
    """Answer all sums on the page; the first `wrong` of them wrongly."""
    for number, label in enumerate(browser.find_elements(By.TAG_NAME, "label")):
        first, sign, second = label.text.split()
        result = SIGNS[sign](int(first), int(second))
        field = browser.find_element(By.NAME, f"answer-{number}")
        field.send_keys(str(result + (1 if number < wrong else 0)))
    browser.find_element(By.TAG_NAME, "button").click()


def guess_the_number(browser: Chrome) -> int:
    """Halve until it is found; how many guesses that took."""
    low, high = 1, int(browser.find_element(By.TAG_NAME, "h1").text.split()[-1])
    for guesses in range(1, 20):
        guess = (low + high) // 2
        browser.find_element(By.NAME, "number").send_keys(str(guess))
        browser.find_element(By.TAG_NAME, "button").click()
        said = patient(browser).until(lambda b, number=guess: told_of(b, number))
        if said == "right!":
            return guesses
        low, high = (guess + 1, high) if said == "too low." else (low, guess - 1)
    raise AssertionError("the number was not found")


def told_of(browser: Chrome, number: int) -> str | None:
    """What the page says of that guess."""
    found = re.search(rf"^{number} is (right!|too low\.|too high\.)", in_frame(browser, "Guess"), re.MULTILINE)
    return found[1] if found else None


def other_score(platform: SimulatedPlatform) -> None:
    """Somebody else in the course has a score, and nobody else."""
    platform.gradebook.clear()
    platform.members.enrol(ADA)
    platform.gradebook.set_score("quiz-1", "u-ada", 6)


def gradebook_shown(browser: Chrome, text: str) -> None:
    """The platform's page shows that in its gradebook."""
    on_platform(browser, text)
    browser.execute_script("document.getElementById('course').scrollIntoView()")


def score_of(platform: SimulatedPlatform, item: str, person: str = "u-learner") -> float | None:
    return platform.gradebook[item][person].score


def test_sums_are_answered_and_the_score_stands_in_the_gradebook(
    browser: Chrome, arithmetic: SimulatedPlatform
) -> None:
    arithmetic.gradebook.clear()
    assert f"Hello {SOFIA}" in opened(browser, arithmetic, "learner", "quiz-1", "Quick arithmetic, normal")
    shot(browser, "flask-game-play")
    answer_sums(browser, wrong=1)
    assert "you said" in in_frame(browser, "4 of 5")
    shot(browser, "flask-game-result")
    assert score_of(arithmetic, "quiz-1") == 8  # 4 of 5, in a column of 10
    gradebook_shown(browser, SOFIA)
    shot(browser, "flask-game-gradebook")


def test_the_score_board_of_the_flask_game_shows_all_to_teachers_and_others_their_own(
    open_browser: Chrome, arithmetic: SimulatedPlatform
) -> None:
    other_score(arithmetic)
    opened(open_browser, arithmetic, "learner", "quiz-1", "Quick arithmetic")
    answer_sums(open_browser)
    in_frame(open_browser, "5 of 5")
    own = follow(open_browser, "Score board", "Score board")
    opened(open_browser, arithmetic, "teacher", "quiz-1", "Quick arithmetic")
    every = follow(open_browser, "Score board", "Score board")
    shot(open_browser, "flask-game-board")
    assert (SOFIA in own, "Ada Lovelace" in own) == (True, False)
    assert f"{SOFIA} 10 of 10" in every
    assert "Ada Lovelace 6 of 10" in every


def test_a_teacher_picks_hard_sums_and_learners_get_them(browser: Chrome, arithmetic: SimulatedPlatform) -> None:
    arithmetic.reset()
    opened(browser, arithmetic, "teacher", "deep-linking", "How hard shall it be?")
    shot(browser, "flask-game-pick")
    browser.find_element(By.LINK_TEXT, "hard").click()
    in_frame(browser, "Back in the course")
    on_platform(browser, "Quick arithmetic, hard")
    opened_again(browser, arithmetic, "Quick arithmetic, hard", "Quick arithmetic, hard")
    answer_sums(browser)
    in_frame(browser, "5 of 5")
    assert score_of(arithmetic, "Quick arithmetic, hard") == 5


def test_a_score_that_the_platform_does_not_take_is_told(open_browser: Chrome, arithmetic: SimulatedPlatform) -> None:
    opened(open_browser, arithmetic, "teacher", "quiz-1", "Quick arithmetic")
    answer_sums(open_browser)
    assert "The platform did not take this score." in in_frame(open_browser, "5 of 5")


def test_what_the_flask_game_refuses_is_told(open_browser: Chrome, arithmetic: SimulatedPlatform) -> None:
    open_browser.get(f"{arithmetic.tool_url}/board/lti1p3-launch-of-nobody")
    assert "Launch data not found" in open_browser.find_element(By.TAG_NAME, "main").text


def test_a_number_is_guessed_and_two_scores_stand_in_the_gradebook(
    browser: Chrome, guessing: SimulatedPlatform
) -> None:
    guessing.gradebook.clear()
    assert f"Hello {SOFIA}" in opened(browser, guessing, "learner", "quiz-1", "Guess a number from 1 to 100")
    guesses = guess_the_number(browser)
    shot(browser, "django-game-right")
    assert score_of(guessing, "quiz-1") == 11 - guesses
    assert score_of(guessing, "guesses") == guesses
    gradebook_shown(browser, "Guesses of 10")
    shot(browser, "django-game-gradebook")


def test_the_score_board_of_the_django_game_shows_all_to_teachers_and_others_their_own(
    open_browser: Chrome, guessing: SimulatedPlatform
) -> None:
    other_score(guessing)
    opened(open_browser, guessing, "learner", "quiz-1", "Guess a number")
    guess_the_number(open_browser)
    own = follow(open_browser, "Score board", "Score board")
    opened(open_browser, guessing, "teacher", "quiz-1", "Guess a number")
    every = follow(open_browser, "Score board", "Score board")
    shot(open_browser, "django-game-board")
    assert (SOFIA in own, "Ada Lovelace" in own) == (True, False)
    assert SOFIA in every
    assert "Ada Lovelace 6" in every


def test_a_teacher_picks_small_numbers_and_learners_get_them(browser: Chrome, guessing: SimulatedPlatform) -> None:
    guessing.reset()
    opened(browser, guessing, "teacher", "deep-linking", "How far shall the numbers go?")
    shot(browser, "django-game-pick")
    browser.find_element(By.LINK_TEXT, "up to 10").click()
    in_frame(browser, "Back in the course")
    on_platform(browser, "Guess a number up to 10")
    opened_again(browser, guessing, "Guess a number up to 10", "Guess a number from 1 to 10")
    guesses = guess_the_number(browser)
    assert score_of(guessing, "Guess a number up to 10") == 11 - guesses
