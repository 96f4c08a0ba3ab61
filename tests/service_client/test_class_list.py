"""Members and groups, as a tool's author meets them."""

import json
import tracemalloc
from collections.abc import Callable

import pytest
from attrs import evolve

from lti_adapters.services.class_list import ClassList
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import AccessRefused, InvalidValue, ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse
from tests.service_client.scene import COURSE, Scene, Scripted, client_of, grant_of, said, words

SINCE = f"{COURSE}/members?since=7"


def page(*user_ids: str, context: str = "c-3", **headers: str) -> HttpResponse:
    members = [{"user_id": user_id, "roles": ["Learner"]} for user_id in user_ids]
    return said(body={"id": "x", "context": {"id": context}, "members": members}, **headers)


def listed(*pages: HttpResponse) -> ClassList:
    return ClassList(client_of(Scripted(*pages)), grant_of())


def test_the_members_of_the_course_are_listed(class_list: ClassList, platform: SimulatedPlatform) -> None:
    members = list(class_list.members())
    assert words(members, "user_id") == words(platform.members, "id")
    assert words(members, "name") == words(platform.members, "name")


def test_members_are_chosen_by_role_link_and_page_size(scene: Scene) -> None:
    teachers = scene.class_list().members(role="Instructor", limit=1)
    assert words(teachers, "user_id") == ["u-teacher", "u-assistant"]
    with_messages = scene.class_list().members(resource_link_id="quiz-1")
    assert all(member.messages for member in with_messages)


def test_members_bring_their_groups_when_they_are_asked_for(class_list: ClassList, platform: SimulatedPlatform) -> None:
    groups = {group for member in class_list.members(groups=True) for group in member.group_ids}
    assert groups
    assert groups <= set(words(platform.groups, "id"))
    assert not any(member.group_ids for member in class_list.members())


def test_a_role_that_the_second_page_forgets_is_kept(scene_of: Callable[..., Scene]) -> None:
    teachers = scene_of(profile="moodle", roster=20).class_list().members(role="Instructor", limit=3)
    assert "u-000001" not in words(teachers, "user_id")


def test_groups_and_their_sets_are_listed(class_list: ClassList, platform: SimulatedPlatform) -> None:
    assert words(class_list.groups(), "id") == words(platform.groups, "id")
    assert words(class_list.group_sets(limit=1), "id") == words(platform.courses[0].group_sets, "id")
    of_learner = words(class_list.groups(user_id="u-learner", limit=1), "id")
    assert of_learner == [group.id for group in platform.groups if "u-learner" in group.members]


def test_what_was_not_offered_is_refused_without_a_request(scene: Scene) -> None:
    nothing = scene.class_list(names_role_service=None, groups_service=None)
    for ask in (nothing.members, lambda: nothing.changes(SINCE)):
        with pytest.raises(AccessRefused, match=r"service\.nrps\.not_offered"):
            ask()
    for ask in (nothing.groups, nothing.group_sets):
        with pytest.raises(AccessRefused, match=r"service\.groups\.not_offered"):
            ask()
    grant = scene.grant()
    no_sets = evolve(grant, groups_service=evolve(grant.groups_service, context_group_sets_url=None))
    with pytest.raises(AccessRefused, match=r"service\.groups\.sets_not_offered"):
        ClassList(scene.client, no_sets).group_sets()
    assert scene.asked() == []


def test_a_page_size_that_is_none_is_refused_at_once(class_list: ClassList) -> None:
    with pytest.raises(InvalidValue, match=r"service\.nrps\.limit_invalid"):
        class_list.members(limit=0)


def test_after_the_end_a_list_tells_where_changes_will_be() -> None:
    first = page("u-1", link=f'<{COURSE}/members?p=2>; rel="next", <{SINCE}>; rel="differences"')
    members = listed(first, page("u-2", link=f'<{SINCE}>; rel="differences"')).members()
    next(members)
    assert members.differences is None
    assert words(members, "user_id") == ["u-2"]
    assert members.differences == SINCE


def test_changes_are_read_as_a_list_that_tells_where_later_ones_will_be() -> None:
    gone = {"user_id": "u-1", "roles": ["Learner"], "status": "Deleted"}
    answer = said(body={"id": "x", "context": {"id": "c-3"}, "members": [gone]}, link=f'<{SINCE}8>; rel="differences"')
    changes = listed(answer).changes(SINCE)
    assert words(changes, "status") == ["Deleted"]
    assert changes.differences == f"{SINCE}8"


def test_changes_that_the_platform_has_forgotten_are_refused() -> None:
    with pytest.raises(ServiceFailed, match=r"service\.nrps\.differences_expired"):
        list(listed(said(404)).changes(SINCE))


def test_changes_are_not_asked_for_elsewhere() -> None:
    with pytest.raises(ServiceFailed, match=r"http\.url_refused"):
        list(listed(page()).changes("https://evil.example/members"))


def test_members_that_cannot_be_read_are_left_out_and_told(caplog: pytest.LogCaptureFixture) -> None:
    body = {"id": "x", "context": {"id": "c-3"}, "members": [{"user_id": "u-1", "roles": []}, {"name": "Eve"}] * 80}
    link = f'<{COURSE}/members?p=2>; rel="next"'
    members = listed(said(body=body, link=link), said(body=body)).members()
    assert len(list(members)) == 160
    assert (members.skipped_count, len(members.skipped)) == (160, 100)
    assert members.skipped[0].position == 2
    assert caplog.text.count("service.nrps.member_malformed") == 2
    assert "Eve" not in caplog.text


def test_a_list_of_another_course_is_read_with_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    first = page("u-1", context="other", link=f'<{COURSE}/members?p=2>; rel="next"')
    members = list(listed(first, page("u-2", context="other")).members())
    assert len(members) == 2
    assert caplog.text.count("service.nrps.context_mismatch") == 1
    caplog.clear()
    list(listed(page("u-1")).members())
    assert caplog.text == ""


def test_a_long_list_needs_no_more_memory_than_a_page() -> None:
    members = [{"user_id": f"u-{number}", "roles": ["Learner"], "name": "A B"} for number in range(300)]
    body = json.dumps({"id": "x", "context": {"id": "c-3"}, "members": members}).encode()
    peaks = []
    for pages in (3, 40):
        left = iter(range(1, pages))

        def answer(request: HttpRequest, left: object = left) -> HttpResponse:
            number = next(left, None)  # type: ignore[call-overload]
            headers = {} if number is None else {"link": f'<{COURSE}/members?p={number}>; rel="next"'}
            return HttpResponse(status=200, headers=headers, body=body)

        http = Scripted(answer)
        tracemalloc.start()
        count = sum(1 for _ in ClassList(client_of(http), grant_of()).members())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count == 300 * pages
    assert peaks[1] < 2 * peaks[0]
