"""The class list and the groups: pages, filters, roles, links."""

import json
import tracemalloc
from urllib.parse import quote

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_adapters.simulator.courses import BIOLOGY, PAGE, QUIZ
from lti_adapters.simulator.people import (
    ASSISTANT,
    FACULTY,
    INSTRUCTOR,
    LEARNER,
    PREVIEW,
    STUDENT,
    TEACHER,
    TEACHING_ASSISTANT,
    Person,
)
from lti_adapters.simulator.profiles.known import PROFILES
from lti_adapters.simulator.profiles.profile import SPEC
from lti_core import claims as c
from tests.simulator.services.asking import Asking, read

HERE = ["u-teacher", "u-assistant", "u-learner", "u-observer", "u-designer"]


def linked(answer, relation):
    link = answer.headers.get("link", "")
    found = [part for part in link.split(",") if relation in part.rpartition(";")[2]]
    return found[0].partition("<")[2].partition(">")[0] if found else ""


def next_of(answer):
    return linked(answer, "next")


def pages_of(asking, url, kind="members"):
    while url:
        answer = asking.get(kind, url)
        assert answer.status == 200
        yield read(answer)
        url = next_of(answer)


def ids(asking, url):
    return [member["user_id"] for page in pages_of(asking, url) for member in page["members"]]


def test_the_class_list_names_the_course_and_everybody_but_strangers_and_test_users(asking):
    answer = asking.get("members", asking.members_url)
    page = read(answer)
    assert answer.headers["content-type"] == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    assert page["context"] == {"id": "course-7", "label": "BIO-7", "title": "Biology 7: Life in the pond"}
    assert [member["user_id"] for member in page["members"]] == HERE


def test_a_member_is_who_launches(platform, asking):
    [learner] = read(asking.get("members", f"{asking.members_url}?role=Learner"))["members"]
    launch = platform.resource_link(LEARNER).claims
    assert (learner["user_id"], learner["name"], learner["roles"]) == (launch["sub"], launch["name"], launch[c.ROLES])
    assert learner["status"] == "Active"


@pytest.mark.parametrize("role", ["Learner", STUDENT])
def test_a_role_may_be_a_word_or_a_whole_address(asking, role):
    assert ids(asking, f"{asking.members_url}?role={quote(role, safe='')}") == ["u-learner"]


@pytest.mark.parametrize("role", ["Instructor", INSTRUCTOR])
def test_a_sub_role_counts_for_its_principal_role(asking, role):
    assert ids(asking, f"{asking.members_url}?role={quote(role, safe='')}") == ["u-teacher", "u-assistant"]


@pytest.mark.parametrize("role", ["Faculty", "TeachingAssistant"])
def test_a_word_alone_is_neither_a_role_of_the_institution_nor_a_sub_role(asking, role):
    assert ids(asking, f"{asking.members_url}?role={role}") == []


@pytest.mark.parametrize(("role", "people"), [(FACULTY, ["u-teacher"]), (TEACHING_ASSISTANT, ["u-assistant"])])
def test_any_role_may_be_named_in_full(asking, role, people):
    assert ids(asking, f"{asking.members_url}?role={quote(role, safe='')}") == people


def test_an_unknown_role_is_nobodys(asking):
    assert ids(asking, f"{asking.members_url}?role=Astronaut") == []


@settings(max_examples=40)
@given(roster=st.integers(0, 60), limit=st.integers(1, 70), role=st.sampled_from(["", "&role=Learner"]))
def test_pages_hold_everybody_once_and_none_is_longer_than_asked(platform_with, roster, limit, role):
    asking = Asking(platform_with(roster=roster))
    pages = list(pages_of(asking, f"{asking.members_url}?limit={limit}{role}"))
    found = [member["user_id"] for page in pages for member in page["members"]]
    made_up = [f"u-{number:06}" for number in range(1, roster + 1)]
    assert found == (["u-learner"] if role else HERE) + made_up
    assert all(0 < len(page["members"]) <= limit for page in pages[:-1])


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_every_profile_pages_to_the_end(platform_with, profile):
    asking = Asking(platform_with(profile=profile, roster=130))
    pages = list(pages_of(asking, f"{asking.members_url}?limit=60"))
    found = [member["user_id"] for page in pages for member in page["members"]]
    assert found == [person.id for person in asking.platform.members]
    assert len(pages[0]["members"]) == min(60, profile.page_most)


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "9" * 30, "%F0%9F%92%A9"])
def test_a_limit_that_is_none_is_refused_or_passed_over(platform_with, limit):
    for profile, status in (("spec", 400), ("moodle", 200), ("canvas", 200)):
        asking = Asking(platform_with(profile=profile))
        assert asking.get("members", f"{asking.members_url}?limit={limit}").status == status


def test_a_million_members_cost_no_memory(platform_with):
    asking = Asking(platform_with(roster=1_000_000))
    tracemalloc.start()
    try:
        last = asking.get("members", f"{asking.members_url}?limit=100&from=1000000")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [member["user_id"] for member in read(last)["members"]][-1] == "u-1000000"
    assert peak < 2_000_000
    assert len(asking.platform.members) == 1_000_005
    assert asking.platform.members.find("u-0999999") is None
    assert asking.platform.members.find("u-999999").name


def test_members_of_a_link_come_with_what_its_launch_would_say(asking):
    page = read(asking.get("members", f"{asking.members_url}?rlid=quiz-1"))
    [message] = page["members"][0]["message"]
    assert message[c.MESSAGE_TYPE] == "LtiResourceLinkRequest"
    assert message[c.CUSTOM]["chapter"] == "2"


@pytest.mark.parametrize("rlid", ["nothing", "theirs", "%00"])
def test_members_of_a_link_that_is_not_the_tools_are_refused(platform_with, rlid):
    course = evolve(BIOLOGY, activities=(QUIZ, evolve(PAGE, id="theirs", foreign=True)))
    asking = Asking(platform_with(courses=(course,)))
    assert asking.get("members", f"{asking.members_url}?rlid={rlid}").status == 400


def test_canvas_takes_the_courses_own_id_for_a_link(platform_with):
    asking = Asking(platform_with(profile="canvas"))
    assert asking.get("members", f"{asking.members_url}?rlid=course-7").status == 200
    assert asking.get("members", f"{asking.members_url}?rlid=nothing").status == 400


def test_open_edx_refuses_a_large_course_at_once(platform_with):
    asking = Asking(platform_with(profile="openedx", roster=2000))
    answer = asking.get("members", asking.members_url)
    assert (answer.status, read(answer)) == (403, {"error": "above_response_limit"})
    assert asking.get("members", f"{asking.members_url}?limit=10").status == 200


def test_moodle_says_roles_in_short_and_forgets_the_filter_on_the_second_page(platform_with):
    asking = Asking(platform_with(profile="moodle"))
    first = asking.get("members", f"{asking.members_url}?role=Learner&limit=2")
    assert {role for member in read(first)["members"] for role in member["roles"]} == {"Learner"}
    assert "role" not in next_of(first)


def test_a_course_that_is_not_there_is_not_found(asking):
    assert asking.get("members", asking.members_url.replace("course-7", "course-8")).status == 404


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_another_media_type_is_not_acceptable(asking, accept):
    assert asking.get("members", asking.members_url, accept=accept).status == 406


@pytest.mark.parametrize("accept", ["", "*/*", "application/vnd.ims.lti-nrps.v2.membershipcontainer+json;q=0.5, x/y"])
def test_the_services_media_type_may_stand_in_a_list(asking, accept):
    assert asking.get("members", asking.members_url, accept=accept).status == 200


def test_a_roster_can_change(platform, asking):
    platform.members.enrol(Person(id="u-new", login="new", about="", roles=(STUDENT,)))
    platform.members.drop("u-teacher")
    assert ids(asking, asking.members_url) == [*HERE[1:], "u-new"]
    with pytest.raises(KeyError):
        platform.members.drop("u-000001")


def test_a_roster_is_a_sequence(platform_with):
    members = platform_with(roster=3, people=(TEACHER, ASSISTANT)).members
    assert [person.id for person in members] == ["u-teacher", "u-assistant", "u-000001", "u-000002", "u-000003"]
    assert members[-1].id == "u-000003"
    assert [person.id for person in members[1:3]] == ["u-assistant", "u-000001"]


def test_groups_and_their_sets_are_read(asking):
    claim = asking.claims[c.GROUPS]
    groups = read(asking.get("groups", claim["context_groups_url"]))["groups"]
    sets = read(asking.get("group-sets", claim["context_group_sets_url"]))["sets"]
    assert [(group["id"], group["set_ids"], group["hidden"]) for group in groups] == [
        ("group-north", ["set-ponds"], False),
        ("group-south", ["set-ponds"], False),
        ("group-markers", ["set-marking"], True),
    ]
    assert [(group_set["id"], group_set["name"]) for group_set in sets] == [
        ("set-ponds", "Ponds"),
        ("set-marking", "Who marks whom"),
    ]


def test_groups_of_one_member_are_read(asking):
    url = asking.claims[c.GROUPS]["context_groups_url"]
    assert [group["id"] for group in read(asking.get("groups", f"{url}?user_id=u-learner"))["groups"]] == [
        "group-north"
    ]
    assert read(asking.get("groups", f"{url}?user_id=u-nobody"))["groups"] == []


def test_groups_are_paged(asking):
    url = asking.claims[c.GROUPS]["context_groups_url"]
    assert [len(page["groups"]) for page in pages_of(asking, f"{url}?limit=2", "groups")] == [2, 1]


def test_members_tell_their_groups_when_asked(platform_with):
    asking = Asking(platform_with(roster=2))
    told = {
        member["user_id"]: [group["group_id"] for group in member["group_enrollments"]]
        for page in pages_of(asking, f"{asking.members_url}?groups=true")
        for member in page["members"]
    }
    assert told["u-learner"] == ["group-north"]
    assert told["u-teacher"] == ["group-markers"]
    assert {told["u-000001"][0], told["u-000002"][0]} == {"group-north", "group-south"}


@pytest.mark.parametrize("profile", ["moodle", "canvas", "openedx", "brightspace"])
def test_most_platforms_offer_no_groups(platform_with, profile):
    platform = platform_with(profile=profile)
    assert c.GROUPS not in platform.resource_link().claims
    assert Asking(platform).get("groups", f"{platform.issuer}/courses/course-7/groups").status in (400, 403, 404)


def test_a_page_may_be_smaller_by_profile(platform_with):
    asking = Asking(platform_with(profile=evolve(SPEC, page_size=2, page_most=2)))
    assert [len(page["members"]) for page in pages_of(asking, asking.members_url)] == [2, 2, 1]


def test_a_class_list_is_json_whatever_people_are_called(platform_with):
    odd = evolve(LEARNER, name='"\\<script>\u2028', given_name="𝔘", family_name="")
    asking = Asking(platform_with(people=(odd,)))
    assert json.loads(asking.get("members", asking.members_url).body)["members"][0]["name"] == odd.name


NEW = Person(id="u-new", login="new", about="", roles=(STUDENT,), name="New")


def differences_of(asking, url):
    """Where a whole reading of `url` says that changes will be."""
    while following := next_of(answer := asking.get("members", url)):
        url = following
    return linked(answer, "differences")


def told(asking, url):
    return {member["user_id"]: member for page in pages_of(asking, url) for member in page["members"]}


def test_changes_since_a_list_was_read_are_told(platform, asking):
    since = differences_of(asking, asking.members_url)
    platform.members.enrol(NEW)
    platform.members.enrol(evolve(LEARNER, name="Sofia"))
    platform.members.drop("u-teacher")
    changed = told(asking, since)
    assert {user_id: member["status"] for user_id, member in changed.items()} == {
        "u-teacher": "Deleted",
        "u-learner": "Active",
        "u-new": "Active",
    }
    assert changed["u-learner"]["name"] == "Sofia"
    assert "name" not in changed["u-teacher"]


def test_where_nothing_changed_nothing_is_told_and_the_next_changes_have_an_address(platform, asking):
    since = differences_of(asking, asking.members_url)
    assert told(asking, since) == {}
    later = differences_of(asking, since)
    platform.members.drop("u-learner")
    assert list(told(asking, later)) == ["u-learner"]
    assert told(asking, differences_of(asking, later)) == {}


def test_who_came_and_went_meanwhile_is_not_told(platform, asking):
    since = differences_of(asking, asking.members_url)
    platform.members.enrol(NEW)
    platform.members.drop("u-new")
    platform.members.enrol(PREVIEW)  # a test user, who is in no class list
    assert told(asking, since) == {}


def test_whoever_has_a_role_no_more_went_from_the_list_of_that_role(platform, asking):
    since = differences_of(asking, f"{asking.members_url}?role=Learner")
    platform.members.enrol(evolve(LEARNER, roles=(INSTRUCTOR,)))
    platform.members.drop("u-designer")
    assert {user_id: member["status"] for user_id, member in told(asking, since).items()} == {"u-learner": "Deleted"}


def test_what_changes_while_a_list_is_read_is_told_the_next_time(platform_with):
    asking = Asking(platform_with(roster=3))
    first = asking.get("members", f"{asking.members_url}?limit=5")
    asking.platform.members.drop("u-teacher")
    since = differences_of(asking, next_of(first))
    assert list(told(asking, since)) == ["u-teacher"]


def test_changes_come_in_pages(platform, asking):
    since = differences_of(asking, f"{asking.members_url}?limit=2")
    for number in range(5):
        platform.members.enrol(evolve(NEW, id=f"u-{number}"))
    assert [len(page["members"]) for page in pages_of(asking, since)] == [2, 2, 1]


def test_changes_that_are_too_old_or_yet_to_come_are_not_known(platform, asking):
    since = differences_of(asking, asking.members_url)
    assert asking.get("members", since.replace("since=0", "since=7")).status == 410
    for _ in range(10_001):
        platform.members.enrol(NEW)
    assert asking.get("members", since).status == 410


@pytest.mark.parametrize("profile", [profile for profile in PROFILES if profile != "spec"])
def test_no_real_platform_tells_changes(platform_with, profile):
    asking = Asking(platform_with(profile=profile))
    assert differences_of(asking, f"{asking.members_url}?limit=2") == ""
    asking.platform.members.drop("u-teacher")
    assert ids(asking, f"{asking.members_url}?limit=2&since=0") == [*HERE[1:]]
