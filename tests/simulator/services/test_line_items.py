"""The line item service."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_adapters.simulator.courses import BIOLOGY, PAGE, QUIZ
from lti_adapters.simulator.profiles.known import PROFILES
from lti_core import claims as c
from lti_core import scopes
from tests.simulator.services.asking import Asking, read
from tests.simulator.services.test_members import next_of

ESSAY = {"label": "Essay", "scoreMaximum": 20, "resourceId": "essay", "tag": "final", "https://vendor.example/x": [1]}


def listed(asking, query=""):
    url = f"{asking.line_items_url}{'&' if '?' in asking.line_items_url else '?'}{query}"
    items = []
    while url:
        answer = asking.get("line-items", url)
        assert answer.status == 200, answer.body
        items += read(answer)
        url = next_of(answer).replace("&amp;", "&")
    return items


def test_a_launch_of_a_graded_link_names_its_line_item(asking):
    assert asking.claims[c.AGS_ENDPOINT] == {
        "scope": [scopes.LINE_ITEM, scopes.LINE_ITEM_READ, scopes.RESULT_READ, scopes.SCORE],
        "lineitems": "https://platform.example/courses/course-7/lineitems",
        "lineitem": "https://platform.example/courses/course-7/lineitems/quiz-1",
    }
    assert read(asking.get("line-item", asking.line_item_url)) == {
        "id": asking.line_item_url,
        "label": "Quiz 1",
        "scoreMaximum": 10,
        "resourceLinkId": "quiz-1",
    }


def test_scopes_decide_what_a_launch_offers(platform_with):
    claims = platform_with(scopes=(scopes.SCORE,)).resource_link().claims
    assert claims[c.AGS_ENDPOINT]["scope"] == [scopes.SCORE]
    assert c.NRPS not in claims
    assert c.GROUPS not in claims
    assert c.AGS_ENDPOINT not in platform_with(scopes=(scopes.MEMBERS_READ,)).resource_link().claims


def test_a_line_item_lives_from_its_creation_to_its_end(platform, asking):
    made = asking.put_in("line-items", asking.line_items_url, ESSAY)
    assert made.status == 201
    url = read(made)["id"]
    assert made.headers["location"] == url
    assert read(asking.get("line-item", url)) == {**ESSAY, "id": url}
    assert platform.gradebook.named("essay").tag == "final"
    replaced = asking.put_in("line-item", url, {"label": "Long essay", "scoreMaximum": 40}, "PUT")
    assert (replaced.status, read(replaced)) == (200, {"id": url, "label": "Long essay", "scoreMaximum": 40})
    assert asking.send("DELETE", url).status == 204
    assert asking.send("DELETE", url).status == 404
    assert asking.get("line-item", url).status == 404


def test_grades_are_scaled_when_the_maximum_changes(platform, asking):
    url = read(asking.put_in("line-items", asking.line_items_url, ESSAY))["id"]
    asking.score(url=url, scoreGiven=5, scoreMaximum=10)
    assert platform.gradebook["essay"]["u-learner"].score == 10
    asking.put_in("line-item", url, {**ESSAY, "scoreMaximum": 40}, "PUT")
    grade = platform.gradebook["essay"]["u-learner"]
    assert (grade.score, grade.maximum) == (20, 40)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Quiz 1", "Essay", "Second"]),
        ("tag=final", ["Essay"]),
        ("resource_id=essay", ["Essay"]),
        ("resource_link_id=quiz-1", ["Quiz 1", "Second"]),
        ("resource_link_id=quiz-1&tag=final", []),
        ("tag=none", []),
        ("limit=1", ["Quiz 1", "Essay", "Second"]),
    ],
)
def test_line_items_are_filtered(asking, query, found):
    for item in (ESSAY, {"label": "Second", "scoreMaximum": 1, "resourceLinkId": "quiz-1"}):
        assert asking.put_in("line-items", asking.line_items_url, item).status == 201
    assert [item["label"] for item in listed(asking, query)] == found


@settings(max_examples=25)
@given(number=st.integers(0, 12), limit=st.integers(1, 14), profile=st.sampled_from(["spec", "moodle", "canvas"]))
def test_pages_of_line_items_hold_each_once(platform_with, number, limit, profile):
    asking = Asking(platform_with(profile=profile))
    for made in range(number):
        asking.put_in("line-items", asking.line_items_url, {"label": f"Item {made}", "scoreMaximum": 1})
    found = [item["label"] for item in listed(asking, f"limit={limit}")]
    assert found == ["Quiz 1", *(f"Item {made}" for made in range(number))]


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"label": "x"},
        {"scoreMaximum": 1},
        {"label": " ", "scoreMaximum": 1},
        {"label": 7, "scoreMaximum": 1},
        {"label": "x", "scoreMaximum": 0},
        {"label": "x", "scoreMaximum": "1"},
        {"label": "x", "scoreMaximum": True},
        {"label": "x", "scoreMaximum": 10**400},
        {"label": "x", "scoreMaximum": 1, "tag": 7},
        [1],
        b"{nope",
        b"",
    ],
    ids=str,
)
def test_what_is_no_line_item_is_refused(asking, item):
    assert asking.put_in("line-items", asking.line_items_url, item).status == 400


def test_a_line_item_of_64_kib_is_too_long(asking):
    item = {"label": "x" * 70_000, "scoreMaximum": 1}
    assert asking.put_in("line-items", asking.line_items_url, item).status == 413


@pytest.mark.parametrize(("profile", "status"), [("spec", 403), ("moodle", 403), ("canvas", 404)])
def test_a_line_item_for_a_link_that_is_not_the_tools_is_refused(platform_with, profile, status):
    course = evolve(BIOLOGY, activities=(QUIZ, evolve(PAGE, id="theirs", foreign=True)))
    asking = Asking(platform_with(profile=profile, courses=(course,)))
    for link in ("nothing", "theirs"):
        item = {"label": "x", "scoreMaximum": 1, "resourceLinkId": link}
        assert asking.put_in("line-items", asking.line_items_url, item).status == status


@pytest.mark.parametrize(
    ("profile", "status"), [("spec", 403), ("moodle", 204), ("canvas", 401), ("blackboard", 403), ("openedx", 204)]
)
def test_the_line_item_of_a_link_may_have_to_stay(platform_with, profile, status):
    asking = Asking(platform_with(profile=profile))
    assert asking.send("DELETE", asking.line_item_url).status == status


def test_another_tools_line_items_are_not_there(platform_with):
    theirs = evolve(QUIZ, id="theirs", title="Theirs", foreign=True)
    platform = platform_with(courses=(evolve(BIOLOGY, activities=(QUIZ, theirs)),))
    asking = Asking(platform)
    assert [item["label"] for item in listed(asking)] == ["Quiz 1"]
    url = asking.line_item_url.replace("quiz-1", "theirs")
    assert asking.get("line-item", url).status == 404
    assert asking.score(url=url).status == 403


def test_open_edx_wants_whole_maxima_and_something_to_hold_on_to(platform_with):
    asking = Asking(platform_with(profile="openedx"))
    for item in ({"label": "x", "scoreMaximum": 1.5, "resourceId": "r"}, {"label": "x", "scoreMaximum": 1}):
        assert asking.put_in("line-items", asking.line_items_url, item).status == 400
    item = {"label": "x", "scoreMaximum": 1, "resourceId": "r"}
    assert asking.put_in("line-items", asking.line_items_url, item).status == 201


@pytest.mark.parametrize(
    ("method", "kind", "url"),
    [("PATCH", "line-item", "line_item_url"), ("DELETE", "line-items", "line_items_url"), ("GET", "scores", "")],
)
def test_other_methods_are_not_allowed(asking, method, kind, url):
    address = getattr(asking, url) if url else f"{asking.line_item_url}/scores"
    assert asking.send(method, address, content_type="application/vnd.ims.lis.v2.lineitem+json").status == 405


def test_another_media_type_is_not_supported(asking):
    answer = asking.put_in("line-items", asking.line_items_url, ESSAY, content_type="application/json")
    assert answer.status == 415


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_every_profile_answers_at_the_addresses_of_its_launches(platform_with, profile):
    asking = Asking(platform_with(profile=profile))
    assert asking.claims[c.TOOL_PLATFORM]["product_family_code"] == profile.family
    item = {"label": "Essay", "scoreMaximum": 5, "resourceId": "essay", "tag": "t"}
    url = read(asking.put_in("line-items", asking.line_items_url, item))["id"]
    assert asking.score(url=url, scoreGiven=4, scoreMaximum=5).status in (200, 201, 204)
    [result] = read(asking.results(url))
    assert (result["userId"], result["resultScore"], result["scoreOf"]) == ("u-learner", 4, url)
    assert asking.platform.gradebook["essay"]["u-learner"].score == 4
    assert [item["id"] for item in read(asking.get("line-items", asking.line_items_url))] == [asking.line_item_url, url]


def test_line_items_do_not_grow_for_ever(platform):
    for number in range(9_999):
        platform.gradebook.add("course-7", {"label": str(number), "scoreMaximum": 1})
    asking = Asking(platform)
    assert asking.put_in("line-items", asking.line_items_url, ESSAY).status == 507


@pytest.mark.parametrize("path", ["/nothing", "/courses", "/courses/course-7/lineitems/quiz-1/nothing", "/courses//x"])
def test_where_no_service_is_nothing_is_found(platform, asking, path):
    assert asking.send("GET", f"{platform.issuer}{path}").status == 404
