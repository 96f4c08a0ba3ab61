"""What the platform's page shows of the course, so that what the tool did is seen on the other side."""

from html import unescape

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_adapters.simulator.overview import overview
from lti_adapters.simulator.web import create_platform_app
from tests.simulator.services.asking import Asking, deep_linking_settings, signed
from tests.simulator.services.test_deep_links import QUIZ, response


@pytest.fixture
def page(platform):
    return create_platform_app(platform).test_client()


def shown(page):
    text = unescape(page.get("/").text)
    return text[text.index('id="course"') :]


def post(page, platform, *items, **changes):
    url = deep_linking_settings(platform)["deep_link_return_url"]
    answer = signed(response(platform, *items, **changes))
    return page.post(url.removeprefix(platform.issuer), data={"JWT": answer})


def test_before_anything_happens_it_says_so(page):
    text = shown(page)
    for said in ("Quiz 1", "No score yet", "Nothing yet", "Class list · 5", "Σοφία Παππά"):
        assert said in text


def test_a_grade_is_shown_with_its_comment_and_state(page, asking):
    asking.score(scoreGiven=8, comment="Well <done>")
    text = shown(page)
    for said in ("8 of 10", "Σοφία Παππά", "Well <done>", "completed, final", "2026-11-24 12:00:00"):
        assert said in text


def test_a_grade_without_a_score_says_so(page, asking):
    asking.score(scoreGiven=None, scoreMaximum=None, activityProgress="Started", gradingProgress="NotReady")
    assert "no score" in shown(page)
    assert "started, not graded yet" in shown(page)


def test_line_items_that_the_tool_made_are_told_apart(page, asking):
    asking.put_in("line-items", asking.line_items_url, {"label": "Essay", "scoreMaximum": 2.5, "tag": "final"})
    text = shown(page)
    assert "Essay" in text
    assert "of 2.5 · tag final · made by the tool" in text


def test_what_came_back_is_shown_and_can_be_chosen(page, platform):
    answer = post(page, platform, QUIZ, {"type": "link", "url": "https://elsewhere.example/", "title": "A page"})
    assert answer.status_code == 200
    assert "Added to the course" in answer.text
    text = shown(page)
    for said in ("Quiz 7", "graded, of 20", "A page", "https://elsewhere.example/"):
        assert said in text
    assert '<option value="link-1">Quiz 7</option>' in page.get("/").text
    launch = page.post("/launch", data={"person": "learner", "activity": "link-1", "how": "frame"})
    assert 'value="https://localhost/lti/launch?quiz=7"' in launch.text


def test_what_the_tool_said_is_shown_when_it_comes_back(page, platform):
    dl = "https://purl.imsglobal.org/spec/lti-dl/claim/"
    answer = post(page, platform, **{f"{dl}msg": "Done", f"{dl}errormsg": "<i>Broken"}).text
    for said in ("The tool says: Done", "The tool reports: &lt;i&gt;Broken", "Nothing was chosen"):
        assert said in answer


def test_a_refused_response_says_why(page, platform):
    answer = post(page, platform, QUIZ, aud="another")
    assert answer.status_code == 400
    assert "platform.response_audience_wrong" in answer.text


@pytest.mark.parametrize("path", ["/deep-links", "/deep-links?course=course-7&request=0"])
def test_a_response_that_nobody_asked_for_is_refused(page, path):
    answer = page.post(path, data={"JWT": "x"})
    assert (answer.status_code, "platform.request_unknown" in answer.text) == (400, True)


def test_only_the_first_of_many_are_shown(platform_with):
    platform = platform_with(roster=500)
    asking = Asking(platform)
    for number in range(1, 61):
        asking.score(f"u-{number:06}")
    for number in range(30):
        platform.gradebook.add("course-7", {"label": f"Item {number}", "scoreMaximum": 1})
    seen = overview(platform)
    assert (len(seen.columns), seen.columns_more, len(seen.members), seen.members_total) == (20, 11, 50, 505)
    assert (len(seen.columns[0].rows), seen.columns[0].more) == (50, 10)
    text = shown(create_platform_app(platform).test_client())
    for said in ("And 10 more.", "And 11 more line items.", "And 455 more."):
        assert said in text


def test_other_courses_stay_away(platform_with, platform):
    other = evolve(platform.courses[0], id="course-8", activities=())
    seen = overview(platform_with(courses=(other, platform.courses[0])))
    assert seen.columns == ()


def test_the_page_renews_itself_from_its_own_origin_only(page):
    assert "connect-src 'self'" in page.get("/").headers["Content-Security-Policy"]


NASTY = st.text().map(lambda text: f"<script>{text}</script>")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(comment=NASTY, label=NASTY, title=NASTY)
def test_whatever_the_tool_sends_is_escaped(platform_with, comment, label, title):
    platform = platform_with()
    page, asking = create_platform_app(platform).test_client(), Asking(platform)
    asking.score(comment=comment)
    asking.put_in("line-items", asking.line_items_url, {"label": label, "scoreMaximum": 1, "tag": label})
    post(page, platform, {**QUIZ, "title": title, "url": "https://localhost/'\"><script>"})
    text = page.get("/").text
    assert text.count("<script") == 2
    assert '<script src="/static/home.js"></script>' in text
    assert '<script src="/static/storage.js" data-tools="https://localhost"></script>' in text
