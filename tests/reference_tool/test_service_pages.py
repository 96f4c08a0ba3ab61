"""The services of a launch as pages, for people."""

from typing import Any

import pytest

from lti_adapters.reference_tool.service_pages import MOST_ROWS
from lti_adapters.simulator.clients import FORM, form_on
from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_core import claims as c
from lti_core import scopes
from tests.reference_tool.site import HTML, HTTPS, Launched, Site, site


def test_the_page_of_a_launch_leads_to_its_services(here: Site) -> None:
    page = here.platform.launch(here.client, user=TEACHER).text
    assert [f">{name}</a>" in page for name in ("Members", "Grades", "Line items", "Groups")] == [True] * 4
    assert ">Choose content</a>" not in page
    assert ">Choose content</a>" in here.platform.launch(here.client, message=here.platform.deep_linking()).text


def test_the_page_of_a_launch_says_what_is_not_granted() -> None:
    here = site(scopes=(scopes.MEMBERS_READ,))
    page = here.platform.launch(here.client, user=TEACHER).text
    assert ">Members</a>" in page
    assert "Groups: The platform did not offer this tool to read the course&#39;s groups." in page
    page = here.platform.launch(here.client, user=LEARNER).text
    assert "Members, Grades, Groups: Your role in this course does not allow that." in page


@pytest.mark.parametrize(
    ("path", "told"),
    [("members", "Renée Lindqvist"), ("groups", "North pond"), ("lineitems", "Quiz 1"), ("results", "There are none.")],
)
def test_a_person_sees_a_page(here: Site, path: str, told: str) -> None:
    launch = here.launched()
    page = launch.get(path, HTML)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert told in page.text
    assert f'href="/tool/launches/{launch.document["launch_id"]}"' in page.text
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors https://platform.example")
    assert "Accept" in page.headers["Vary"]


def test_what_is_shown_is_escaped(here: Site) -> None:
    launch = here.launched()
    launch.post("lineitems", {"label": "<script>1</script>", "score_maximum": 5, "tag": '"><b>'})
    page = launch.get("lineitems", HTML).text
    assert "&lt;script&gt;1" in page
    assert "<script>" not in page
    assert '"><b>' not in page


def test_a_person_is_shown_the_beginning_of_a_long_list() -> None:
    here = site(roster=2000)
    launch = here.launched()
    here.platform.requests.clear()
    page = launch.get("members", HTML, limit="100").text
    assert page.count("<tr>") == 1 + MOST_ROWS
    assert f"These are the first {MOST_ROWS}" in page
    assert len(here.platform.requests.of("members")) == MOST_ROWS // 100 + 1


def test_a_score_is_sent_by_the_form(here: Site) -> None:
    launch = here.launched()
    action, _ = form_on(launch.get("results", HTML).text)
    assert action == launch.address("scores")
    page = launch.sends_form("scores", user_id="u-learner", given="6.5", maximum="10", comment="", tag="")
    assert here.platform.gradebook["quiz-1"]["u-learner"].score == 6.5
    for told in ("The score was sent", "u-learner", "6.5 of 10", "Completed, FullyGraded"):
        assert told in page.text
    assert "6.5" in launch.get("results", HTML).text


def test_the_warnings_of_a_score_are_shown() -> None:
    launch = site(profile="moodle").launched()
    page = launch.sends_form("scores", user_id="u-learner", given="6", maximum="10", grading_progress="Pending")
    assert "service.ags.score_erases_grade" in page.text


def test_the_form_keeps_to_the_line_item_that_is_shown(here: Site) -> None:
    launch = here.launched()
    made = launch.post("lineitems", {"label": "Essay", "score_maximum": 5}).json["id"]
    assert ("line_item", made) in form_on(launch.get("results", HTML, line_item=made).text)[1]


def test_scores_may_be_sent_where_results_may_not_be_read() -> None:
    page = site(scopes=(scopes.SCORE,)).launched().get("results", HTML)
    assert page.status_code == 200
    assert "does not let this tool read results" in page.text
    assert "Send it" in page.text


def test_results_may_be_read_where_scores_may_not_be_sent() -> None:
    page = site(scopes=(scopes.RESULT_READ,)).launched().get("results", HTML)
    assert "There are none." in page.text
    assert "Send it" not in page.text


def test_a_line_item_is_made_by_the_form(here: Site) -> None:
    launch = here.launched()
    action, _ = form_on(launch.get("lineitems", HTML).text)
    assert action == launch.address("lineitems")
    page = launch.sends_form("lineitems", label="Essay", score_maximum="12.5", tag="")
    assert "The line item was made" in page.text
    assert [item.label for item in here.platform.gradebook.line_items] == ["Quiz 1", "Essay"]


def test_a_learner_gets_no_form_for_line_items(here: Site) -> None:
    assert "<form" not in here.launched(LEARNER).get("lineitems", HTML).text


def test_a_refusal_is_a_page_for_a_person(here: Site) -> None:
    page = here.launched(LEARNER).get("members", HTML)
    assert (page.status_code, page.mimetype) == (403, "text/html")
    assert "tool.role_required" in page.text
    page = here.launched().sends_form("scores", user_id="u-learner", given="x")
    assert page.status_code == 400
    page = here.launched().client.post(
        here.launched().address("scores"), data="given=1&given=2", content_type=FORM,
        base_url=HTTPS, headers=HTML,
    )  # fmt: skip
    assert (page.status_code, "tool.body_malformed" in page.text) == (400, True)


def test_what_was_chosen_comes_back_to_the_platform(here: Site) -> None:
    launch = here.launched(message=here.platform.deep_linking())
    page = launch.get("deep-link", HTML).text
    assert page.count('type="checkbox"') == 4
    assert form_on(page)[0] == launch.address("deep-link")
    received = here.platform.submit(launch.sends_form("deep-link", item=["quiz", "reading"]))
    assert [link.title for link in received.links] == ["Sample quiz", "Sample reading"]


def test_nothing_chosen_comes_back_to_the_platform_too(here: Site) -> None:
    launch = here.launched(message=here.platform.deep_linking())
    assert here.platform.submit(launch.sends_form("deep-link")).links == ()


def settled(here: Site, **settings: Any) -> Launched:
    message = here.platform.deep_linking()
    before: Any = message.claims[c.DEEP_LINKING_SETTINGS]
    return here.launched(message=message.having({c.DEEP_LINKING_SETTINGS: {**before, **settings}}))


def test_only_what_the_platform_takes_is_offered(here: Site) -> None:
    page = settled(here, accept_multiple=False, accept_types=["link"]).get("deep-link", HTML).text
    assert page.count('type="radio"') == 1
    assert "The LTI specification" in page
    assert "takes nothing that this tool has" in settled(here, accept_types=["file"]).get("deep-link", HTML).text


def test_a_sample_loses_the_line_item_that_the_platform_does_not_take(here: Site) -> None:
    page = settled(here, accept_lineitem=False).sends_form("deep-link", item="quiz")
    (link,) = here.platform.submit(page).links
    assert "lineItem" not in link.item


def test_a_sample_that_is_not_there_is_refused(here: Site) -> None:
    page = here.launched(message=here.platform.deep_linking()).sends_form("deep-link", item="exam")
    assert (page.status_code, "tool.body_malformed" in page.text) == (400, True)
