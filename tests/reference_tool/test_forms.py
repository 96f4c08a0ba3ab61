"""What a person typed into a form, and what the page then says: what to correct, or what the platform said."""

from typing import Any

import pytest

from lti_adapters.pages.texts import TEXTS
from lti_adapters.simulator.clients import FORM, form_on
from lti_adapters.simulator.people import LEARNER
from lti_core import claims as c
from lti_core import scopes
from tests.reference_tool.site import HTML, HTTPS, Launched, Site, site

SCORE = {"user_id": "u-learner", "given": "8", "maximum": "10", "grading_progress": "FullyGraded"}
LINE_ITEM = {"label": "Essay", "score_maximum": "10", "tag": "essay"}
SILENCE = (TEXTS["heading.service"], "Wait a minute")
NOTHING_SENT = "Nothing was sent to the platform."


def told(page: Any) -> str:
    """The text of a page that asks for something to be corrected."""
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert TEXTS["heading.value"] in page.text or TEXTS["heading.request"] in page.text
    assert "Go back" in page.text
    for words in SILENCE:
        assert words not in page.text
    return str(page.text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"user_id": ""}, "A score needs the id of the user"),
        ({"given": "abc"}, "Score must be a number from 0 up"),
        ({"given": "8,5"}, "with a point, as 8.5"),
        ({"given": "-1"}, "Score must be a number from 0 up"),
        ({"given": "9" * 50}, "Score must be a number from 0 up"),
        ({"given": "1e999"}, "given must be a number from 0 up"),
        ({"given": ""}, "Score is empty"),
        ({"given": "8", "clear": "yes"}, "but not both"),
        ({"maximum": ""}, "needs the maximum"),
        ({"maximum": "0"}, "maximum must be a number above 0"),
        ({"maximum": "ten"}, "Maximum must be a number from 0 up"),
        ({"grading_progress": "Done"}, "grading_progress must be one of the five words"),
        ({"colour": "red"}, "There is no member &#39;colour&#39; here"),
    ],
)
def test_a_score_that_cannot_be_sent_is_told_by_what_is_wrong(here: Site, typed: dict[str, str], said: str) -> None:
    launch = here.launched()
    assert said in told(launch.sends_form("scores", **{**SCORE, **typed}))
    assert here.platform.gradebook.history == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"label": ""}, "A line item needs a label"),
        ({"label": "  "}, "A line item needs a label"),
        ({"score_maximum": "abc"}, "Maximum must be a number from 0 up"),
        ({"score_maximum": "8,5"}, "with a point, as 8.5"),
        ({"score_maximum": "0"}, "score_maximum must be a number above 0"),
        ({"score_maximum": ""}, "score_maximum must be a number above 0"),
        ({"scoreMaximum": "5"}, "A member was sent twice"),
    ],
)
def test_a_line_item_that_cannot_be_made_is_told_by_what_is_wrong(here: Site, typed: dict[str, str], said: str) -> None:
    launch = here.launched()
    assert said in told(launch.sends_form("lineitems", **{**LINE_ITEM, **typed}))
    assert len(here.platform.gradebook.line_items) == 1


def picking(here: Site, **settings: Any) -> Launched:
    message = here.platform.deep_linking()
    before: Any = message.claims[c.DEEP_LINKING_SETTINGS]
    return here.launched(message=message.having({c.DEEP_LINKING_SETTINGS: {**before, **settings}}))


def test_content_that_is_not_there_is_told(here: Site) -> None:
    assert "There is no such sample." in told(picking(here).sends_form("deep-link", item="exam"))


def test_content_that_the_platform_does_not_take_is_told(here: Site) -> None:
    page = picking(here, accept_multiple=False).sends_form("deep-link", item=["quiz", "reading"])
    assert (page.status_code, TEXTS["heading.value"] in page.text) == (400, True)
    assert "Pick other content" in page.text
    page = picking(here, accept_types=["link"]).sends_form("deep-link", item="quiz")
    assert (page.status_code, "Pick other content" in page.text) == (400, True)


def test_fields_that_come_twice_are_told(here: Site) -> None:
    launch = here.launched()
    page = launch.client.post(
        launch.address("scores"), data="given=1&given=2", content_type=FORM, base_url=HTTPS, headers=HTML
    )
    assert "The field given was sent twice." in told(page)


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("members", {"limit": "0"}, "limit must be a whole number from 1 up"),
        ("members", {"limit": "ten"}, "limit must be a whole number"),
        ("lineitems", {"limit": "0"}, "limit must be a whole number from 1 up"),
    ],
)
def test_an_address_that_cannot_be_asked_is_told(here: Site, path: str, query: dict[str, str], said: str) -> None:
    assert said in told(here.launched().get(path, HTML, **query))


def test_numbers_are_taken_as_browsers_send_them(here: Site) -> None:
    launch = here.launched()
    for typed, kept in ((".5", 0.5), ("1e1", 10), ("7.", 7)):
        assert launch.sends_form("scores", **{**SCORE, "given": typed}).status_code == 200
        assert here.platform.gradebook["quiz-1"]["u-learner"].score == kept


def test_a_learner_whom_the_platform_does_not_know_is_its_no_and_not_its_silence(here: Site) -> None:
    page = here.launched().sends_form("scores", **{**SCORE, "user_id": "u-nobody"})
    assert page.status_code == 502
    assert TEXTS["heading.refused"] in page.text
    assert "go back and check it" in page.text
    assert "Only learners of the course can be graded" in page.text  # what the error itself advises
    for words in SILENCE:
        assert words not in page.text


@pytest.mark.parametrize("status", [403, 404])
def test_what_the_platform_refuses_to_show_is_not_waited_for(here: Site, status: int) -> None:
    launch = here.launched()
    here.platform.misbehave("status", at="members", status=status)
    page = launch.get("members", HTML)
    assert (page.status_code, TEXTS["heading.refused"] in page.text) == (502, True)
    assert "Wait a minute" not in page.text


@pytest.mark.parametrize("status", [429, 500])
def test_a_platform_that_is_busy_is_waited_for(here: Site, status: int) -> None:
    launch = here.launched()
    here.platform.misbehave("status", at="members", status=status)
    assert "Wait a minute" in launch.get("members", HTML).text


def test_what_the_launch_does_not_allow_was_not_asked_for(here: Site) -> None:
    for page in (
        site(scopes=()).launched().get("groups", HTML),
        site(scopes=(scopes.SCORE,)).launched().get("lineitems", HTML),
        here.launched().get("deep-link", HTML),
    ):
        assert (page.status_code, TEXTS["heading.access"] in page.text) == (403, True)
        assert "This launch does not allow it." in page.text
        for words in SILENCE:
            assert words not in page.text


def test_a_large_course_is_shown_where_the_platform_tells_it_by_pages_only() -> None:
    page = site(profile="openedx", roster=3000).launched().get("members", HTML)
    assert (page.status_code, "These are the first 300" in page.text) == (200, True)


def test_a_grade_is_taken_back_by_its_box_only(here: Site) -> None:
    launch = here.launched()
    assert 'name="clear"' in launch.get("results", HTML).text
    launch.sends_form("scores", **SCORE)
    assert launch.sends_form("scores", **{**SCORE, "given": ""}).status_code == 400
    assert here.platform.gradebook["quiz-1"]["u-learner"].score == 8
    page = launch.sends_form("scores", **{**SCORE, "given": "", "clear": "yes"})
    assert (page.status_code, "Initialized, NotReady" in page.text) == (200, True)
    assert here.platform.gradebook["quiz-1"]["u-learner"].score is None


def test_progress_without_a_score_is_sent_by_the_form(here: Site) -> None:
    page = here.launched().sends_form("scores", **{**SCORE, "given": "", "grading_progress": "Pending"})
    assert (page.status_code, "Pending" in page.text) == (200, True)


@pytest.mark.parametrize("allowed", [(scopes.SCORE, scopes.LINE_ITEM), None], ids=["without results", "all"])
@pytest.mark.parametrize("address", ["https://evil.example/1", "javascript:1"])
def test_a_foreign_line_item_gets_no_form(allowed: Any, address: str) -> None:
    here = site() if allowed is None else site(scopes=allowed)
    page = here.launched().get("results", HTML, line_item=address)
    assert (page.status_code, "tool.line_item_foreign" in page.text) == (403, True)
    assert address not in page.text
    assert "<form" not in page.text


def test_grades_are_offered_where_there_is_a_line_item_to_be_meant(here: Site) -> None:
    message = here.platform.deep_linking()
    page = here.platform.launch(here.client, message=message).text
    assert ">Grades</a>" not in page
    assert "Grades: This launch is of no activity that has grades" in page
    assert ">Line items</a>" in page
    launch = here.launched(message=message)
    page = launch.get("results", HTML)
    assert (page.status_code, "<form" in page.text) == (403, False)
    [item] = launch.get("lineitems").json
    assert ("line_item", item["id"]) in form_on(launch.get("results", HTML, line_item=item["id"]).text)[1]


def test_an_ungraded_activity_gets_a_form_where_a_line_item_may_be_made_for_it(here: Site) -> None:
    page = here.launched(activity="page-1").get("results", HTML).text
    assert ("The link has no line item." in page, "Send it" in page) == (True, True)
    here = site(scopes=(scopes.SCORE, scopes.RESULT_READ, scopes.LINE_ITEM_READ))
    page = here.launched(activity="page-1").get("results", HTML).text
    assert ("The link has no line item." in page, "Send it" in page) == (True, False)


def test_a_learner_is_told_that_another_role_is_needed(here: Site) -> None:
    page = here.launched(LEARNER).sends_form("lineitems", **LINE_ITEM)
    assert (page.status_code, "for people with another role" in page.text) == (403, True)
