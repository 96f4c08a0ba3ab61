"""Services through the old interface, over a session of the program's own."""

import json
from copy import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from lti_adapters.pylti1p3.assignments_grades import AssignmentsGradesService
from lti_adapters.pylti1p3.course_groups import CourseGroupsService
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.grade import Grade
from lti_adapters.pylti1p3.lineitem import LineItem
from lti_adapters.pylti1p3.names_roles import NamesRolesProvisioningService
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from lti_core import scopes
from lti_core.tokens import take_apart
from tests.fakes import TOOL_PEM
from tests.pylti1p3.services import ALL, GROUPS, LMS, REGISTRATION, Answered, Session, grade, gradebook, of_pages


def test_a_grade_goes_to_the_line_item_of_the_launch() -> None:
    session = of_pages({f"{LMS}/items/1/scores?course=3": {}})
    gradebook(session, lineitem=f"{LMS}/items/1?course=3").put_grade(grade())
    [(method, _, headers, body)] = session.asked
    assert (method, headers["Authorization"]) == ("POST", "Bearer t-1")
    assert headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert (body["scoreGiven"], body["userId"]) == (0, "u-42")
    assert "comment" not in body


def test_the_request_for_a_token_is_signed_for_the_token_url_and_names_its_scopes() -> None:
    session = of_pages({f"{LMS}/items/1/scores": ""})
    gradebook(session, lineitem=f"{LMS}/items/1").put_grade(grade())
    [form] = session.tokens
    claims = take_apart(form["client_assertion"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("tool-1", "tool-1", f"{LMS}/token")
    assert form["scope"] == " ".join(sorted(ALL))


def test_all_connectors_of_a_session_share_their_tokens() -> None:
    session = of_pages({f"{LMS}/items/1/scores": ""})
    for _ in range(3):
        gradebook(session, lineitem=f"{LMS}/items/1").put_grade(grade())
    assert len(session.tokens) == 1


def test_a_platform_that_forgot_its_token_is_asked_for_another_one() -> None:
    answers = iter([Answered("", 401), Answered("")])
    session = Session(lambda *_: next(answers))
    gradebook(session, lineitem=f"{LMS}/items/1").put_grade(grade())
    assert [headers["Authorization"] for _, _, headers, _ in session.asked] == ["Bearer t-1", "Bearer t-2"]


def test_a_grade_without_the_scope_is_not_sent() -> None:
    with pytest.raises(LtiException, match=r"^Can't put grade: Missing required scope"):
        gradebook(of_pages({}), scope=[scopes.LINE_ITEM]).put_grade(grade())


def test_a_grade_that_every_platform_refuses_is_not_sent() -> None:
    session = of_pages({})
    with pytest.raises(LtiException, match="activityProgress"):
        gradebook(session, lineitem=f"{LMS}/items/1").put_grade(grade().set_activity_progress("Done"))
    assert not session.asked


def test_a_grade_without_any_line_item_says_what_to_pass() -> None:
    with pytest.raises(LtiException, match=r"^Can't find lineitem to put grade"):
        gradebook(of_pages({})).put_grade(grade())


def test_a_grade_without_any_line_item_makes_one_for_the_link_of_the_launch() -> None:
    def answer(method: str, url: str) -> Answered:
        if url.endswith("/scores"):
            return Answered("")
        return Answered([]) if method == "GET" else Answered({"id": f"{LMS}/items/9"}, 201)

    session = Session(answer)
    gradebook(session).for_link("rl-7", "Quiz 7").put_grade(grade())
    assert [(method, url) for method, url, _, _ in session.asked] == [
        ("GET", f"{LMS}/items?course=3"),
        ("POST", f"{LMS}/items?course=3"),
        ("POST", f"{LMS}/items/9/scores"),
    ]
    assert session.asked[1][3] == {"label": "Quiz 7", "scoreMaximum": 10, "resourceLinkId": "rl-7"}


def test_a_line_item_is_found_on_a_later_page() -> None:
    second = f"{LMS}/items?Course=3&Page=B"  # the letters of an address stay as they are
    pages = {
        f"{LMS}/items?course=3": Answered([{"id": "1", "tag": "a"}], link=f'<{second}>; rel="next"'),
        second: [{"id": "2", "tag": "b", "vendor": 1}],
    }
    found = gradebook(of_pages(pages)).find_or_create_lineitem(LineItem().set_tag("b"))
    assert found.get_id() == "2"
    assert json.loads(found.get_value())["vendor"] == 1


def test_what_is_searched_by_must_be_there() -> None:
    with pytest.raises(LtiException, match="Tag value is not specified"):
        gradebook(of_pages({})).find_or_create_lineitem(LineItem())
    with pytest.raises(LtiException, match='Invalid "find_by" value: colour'):
        gradebook(of_pages({})).find_or_create_lineitem(LineItem(), find_by="colour")


def test_grades_are_read_from_all_pages() -> None:
    pages = {
        f"{LMS}/items/1/results": Answered([{"userId": "u-1"}], link=f'<{LMS}/more>; rel="next"'),
        f"{LMS}/more": [{"userId": "u-2"}],
    }
    found = gradebook(of_pages(pages), lineitem=f"{LMS}/items/1").get_grades()
    assert [one["userId"] for one in found] == ["u-1", "u-2"]
    assert gradebook(of_pages({})).get_grades() == []


def test_numbers_are_those_that_json_can_write_again() -> None:
    results = [{"userId": "u-1", "resultScore": 8.5, "resultMaximum": 10}]
    pages = {f"{LMS}/items/1/results": results}
    found = gradebook(of_pages(pages), lineitem=f"{LMS}/items/1").get_grades()
    assert json.dumps(found) == json.dumps(results)


class OwnTokens(ServiceConnector):
    def get_access_token(self, scopes: Any) -> str:
        return "kept elsewhere"


def test_a_program_may_have_tokens_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    session = of_pages({f"{LMS}/items/1/scores": ""})
    data = {"scope": ALL, "lineitem": f"{LMS}/items/1"}
    AssignmentsGradesService(OwnTokens(REGISTRATION, session), data).put_grade(grade())
    monkeypatch.setattr(ServiceConnector, "get_access_token", lambda *_: "of a test")
    AssignmentsGradesService(ServiceConnector(REGISTRATION, session), data).put_grade(grade())
    sent = [headers["Authorization"] for _, _, headers, _ in session.asked]
    assert sent == ["Bearer kept elsewhere", "Bearer of a test"]
    assert not session.tokens


def test_a_program_may_sign_with_times_of_python() -> None:
    end = datetime(2026, 11, 24, 12, tzinfo=UTC)
    signed = ServiceConnector(REGISTRATION).encode_jwt({"exp": end, "iss": "tool-1"}, TOOL_PEM, None)
    assert take_apart(signed).claims == {"exp": int(end.timestamp()), "iss": "tool-1"}
    with pytest.raises(LtiException, match=r"^The private key cannot sign"):
        ServiceConnector(REGISTRATION).encode_jwt({}, "no key", None)


def test_a_key_that_was_read_of_a_file_as_bytes_signs() -> None:
    private: Any = TOOL_PEM.encode()
    signed = ServiceConnector(REGISTRATION).encode_jwt({"iss": "tool-1"}, private, {"kid": "k"})
    assert (take_apart(signed).header["kid"], take_apart(signed).claims) == ("k", {"iss": "tool-1"})


class OwnFinder(AssignmentsGradesService):
    def find_lineitem_by_tag(self, tag: str) -> LineItem:
        return LineItem({"id": f"{LMS}/items/of-{tag}"})


def test_a_program_may_find_line_items_itself() -> None:
    session = of_pages({f"{LMS}/items/of-a/scores": ""})
    service = OwnFinder(ServiceConnector(REGISTRATION, session), {"scope": ALL, "lineitems": f"{LMS}/items"})
    service.put_grade(grade(), LineItem().set_tag("a"))
    assert [url for _, url, _, _ in session.asked] == [f"{LMS}/items/of-a/scores"]


def test_members_and_their_course() -> None:
    body = {"context": {"id": "c-3"}, "members": [{"user_id": "u-1", "roles": []}]}
    session = of_pages({f"{LMS}/members": body, f"{LMS}/members?rlid=rl-7": body})
    service = NamesRolesProvisioningService(
        ServiceConnector(REGISTRATION, session), {"context_memberships_url": f"{LMS}/members"}
    )
    assert service.get_members() == service.get_members("rl-7") == body["members"]
    assert service.get_context() == {"id": "c-3"}


def test_groups_are_asked_for_with_the_scopes_of_the_claim() -> None:
    for claimed, asked in (
        ({"scope": ["https://vendor.example/groups"]}, "https://vendor.example/groups"),
        ({}, GROUPS),
    ):
        session = of_pages({f"{LMS}/groups": {"groups": []}})
        data = {"context_groups_url": f"{LMS}/groups", **claimed}
        CourseGroupsService(ServiceConnector(REGISTRATION, session), data).get_groups()
        assert session.tokens[0]["scope"] == asked


def test_a_list_of_something_else_is_refused() -> None:
    pages = {f"{LMS}/groups": {"groups": ["g-1"]}, f"{LMS}/sets": {"sets": [{"id": "s-1"}]}}
    data = {"context_groups_url": f"{LMS}/groups", "context_group_sets_url": f"{LMS}/sets"}
    with pytest.raises(LtiException, match="no list of groups"):
        CourseGroupsService(ServiceConnector(REGISTRATION, of_pages(pages)), data).get_sets(include_groups=True)


def test_groups_are_put_into_their_sets() -> None:
    groups = [{"id": "g-1", "name": "Red", "set_id": "s-1"}, {"id": "g-2", "name": "Blue"}]
    pages = {f"{LMS}/groups": {"groups": groups}, f"{LMS}/sets": {"sets": [{"id": "s-1", "name": "Teams"}]}}
    service = CourseGroupsService(
        ServiceConnector(REGISTRATION, of_pages(pages)),
        {"context_groups_url": f"{LMS}/groups", "context_group_sets_url": f"{LMS}/sets"},
    )
    assert service.get_groups() == groups
    assert service.get_sets(include_groups=True) == [{"id": "s-1", "name": "Teams", "groups": [groups[0]]}]


def test_many_groups_in_many_sets_take_no_more_than_they_are() -> None:
    groups = [{"id": f"g-{number}", "set_ids": ["s", "s", 7, {}]} for number in range(1000)]
    sets = [{"id": "s"} for _ in range(1000)] + [{"id": 7}, {"id": {}}, {"id": "t"}]
    pages = {f"{LMS}/groups": {"groups": groups}, f"{LMS}/sets": {"sets": sets}}
    data = {"context_groups_url": f"{LMS}/groups", "context_group_sets_url": f"{LMS}/sets"}
    found = CourseGroupsService(ServiceConnector(REGISTRATION, of_pages(pages)), data).get_sets(include_groups=True)
    assert [len(one["groups"]) for one in found] == [1000] * 1001 + [0, 0]
    assert len({id(one["groups"]) for one in found}) == 4


@pytest.mark.parametrize("points", [True, float("nan"), "8", None])
def test_points_that_are_no_number_are_refused(points: Any) -> None:
    with pytest.raises(LtiException, match="Invalid scoreGiven value: score must be integer or float"):
        Grade().set_score_given(points)


def test_points_may_be_as_many_as_one_likes() -> None:
    assert json.loads(Grade().set_score_given(10**400).get_value())["scoreGiven"] == 10**400
    assert LineItem().set_score_maximum(10**400).get_score_maximum() == 10**400


def test_points_below_zero_are_refused() -> None:
    with pytest.raises(LtiException, match=r"score must be positive number \(including 0\)"):
        Grade().set_score_maximum(-1)


def test_a_line_item_needs_a_maximum_above_zero() -> None:
    with pytest.raises(LtiException, match="must be non null value, strictly greater than 0"):
        LineItem().set_score_maximum(0)


def test_a_line_item_tells_how_work_is_looked_at() -> None:
    item = LineItem().set_submission_review(["Completed"], label="Look", url="https://tool.example/look")
    review = {"reviewableStatus": ["Completed"], "label": "Look", "url": "https://tool.example/look"}
    assert json.loads(item.get_value()) == {"submissionReview": review}


def test_a_copy_of_a_line_item_is_set_by_itself() -> None:
    quiz = LineItem({"label": "Quiz", "tag": "quiz"})
    exam = copy(quiz).set_tag("exam")
    assert (quiz.get_tag(), exam.get_tag(), exam.get_label()) == ("quiz", "exam", "Quiz")


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset])
def test_a_program_may_keep_its_scopes_as_it_likes(kind: Any) -> None:
    service = gradebook(of_pages({f"{LMS}/items/1/results": []}), scope=kind(ALL), lineitem=f"{LMS}/items/1")
    assert service.can_put_grade()
    assert service.get_grades() == []
