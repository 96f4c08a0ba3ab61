"""The class list: asked for, filtered, paged, and read member by member."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import MIB
from lti_core.roles import Roles
from lti_core.scopes import MEMBERS_READ
from lti_core.services.command import follow
from lti_core.services.members import GetDifferences, GetMembers, Member, MembersPage
from tests.services.recorded import answer

URL = "https://lms.example/c/3/members?b=1"
TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
LEARNER = f"{MEMBERSHIP}#Learner"
ASSISTANTS = ("TeachingAssistant", f"{MEMBERSHIP}/Instructor#TeachingAssistant", f"{MEMBERSHIP}#TeachingAssistant")
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
ADA: dict[str, Any] = {
    "user_id": "u-42",
    "status": "Inactive",
    "name": "Ada King",
    "given_name": "Ada",
    "family_name": "King",
    "middle_name": "B.",
    "email": "ada@lms.example",
    "picture": "https://lms.example/ada.png",
    "lis_person_sourcedid": "S-1",
    "lti11_legacy_user_id": "old-42",
    "roles": [LEARNER],
    "ext_user_username": "ada",
}
TEXTS = [name for name in ADA if name not in ("user_id", "roles")]


def container(*members: object, **others: object) -> dict[str, object]:
    return {"id": URL, "context": {"id": "c-3", "label": "M-1", "title": "Maths"}, "members": list(members), **others}


def page_of(*members: object, command: GetMembers | None = None, link: str = "") -> MembersPage:
    return (command or GetMembers(url=URL)).read_response(answer(200, container(*members), link=link))


def read(**changes: object) -> Member:
    (member,) = page_of({**ADA, **changes}).items
    return member


def test_the_class_list_is_asked_for_with_its_filters_behind_the_query_that_is_there() -> None:
    request = GetMembers(url=URL, role=LEARNER, limit=5, resource_link_id="rl 7", groups=True).to_request()
    assert (request.method, request.headers, request.max_bytes) == ("GET", {"Accept": TYPE}, 32 * MIB)
    role = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner"
    assert request.url == f"{URL}&role={role}&limit=5&rlid=rl%207&groups=true"
    assert GetMembers(url=URL).to_request().url == URL
    for command in (GetMembers, GetDifferences):
        assert command.scopes == (MEMBERS_READ,)
        assert command.repeat.after_silence


def test_a_member_is_read_with_all_that_is_told() -> None:
    member = read()
    assert (member.user_id, member.roles) == ("u-42", Roles([LEARNER]))
    assert member.roles.is_student
    assert {name: getattr(member, name) for name in TEXTS if name != "ext_user_username"} == {
        name: ADA[name] for name in TEXTS if name != "ext_user_username"
    }
    assert dict(member.claims) == ADA
    assert (member.group_ids, member.messages) == ((), ())
    assert "Ada" not in repr(member)


def test_what_is_not_told_is_none_and_the_status_active() -> None:
    (member,) = page_of({"user_id": "u-42", "roles": []}).items
    assert [getattr(member, name) for name in TEXTS[1:-1]] == [None] * len(TEXTS[1:-1])
    assert (member.status, len(member.roles)) == ("Active", 0)
    assert read(**dict.fromkeys(TEXTS)).status == "Active"


def test_a_user_id_that_is_a_number_is_read_as_its_digits() -> None:
    assert read(user_id=42).user_id == "42"


def test_groups_and_messages_are_read() -> None:
    message = {"https://purl.imsglobal.org/spec/lti/claim/message_type": "LtiResourceLinkRequest", CUSTOM: {"due": "x"}}
    member = read(group_enrollments=[{"group_id": "g-1"}, {"group_id": "g-2", "x": 1}], message=[message])
    assert member.group_ids == ("g-1", "g-2")
    assert member.messages == (message,)
    assert read(group_enrollments=[{"group_id": 7}]).group_ids == ("7",)


def test_members_and_pages_cannot_be_changed() -> None:
    member = read()
    with pytest.raises(AttributeError):
        member.user_id = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        member.claims["name"] = "x"  # type: ignore[index]
    assert hash(member) == hash(read())
    assert member == read()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"user_id": None}, "user_id"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": ["u"]}, "user_id"),
        ({"user_id": True}, "user_id"),
        ({"user_id": 4.5}, "user_id"),
        ({"roles": None}, "roles"),
        ({"roles": "Learner"}, "roles"),
        ({"roles": {"a": "b"}}, "roles"),
        ({"roles": [5]}, ""),
        ({"roles": [None]}, ""),
        ({"roles": [["Learner"]]}, "roles"),
        ({"roles": [{"a": 1}]}, "roles"),
        ({"group_enrollments": "g"}, "group_enrollments"),
        ({"group_enrollments": [5]}, "group_enrollments"),
        ({"group_enrollments": [{"group_id": [5]}]}, "group_enrollments"),
        ({"message": {}}, "message"),
        ({"message": "x"}, "message"),
        ({"message": ["x"]}, "message"),
        ({"x": {"a": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}, ""),
        *(({name: 5}, name) for name in TEXTS[:-1]),
        *(({name: ["x"]}, name) for name in TEXTS[:-1]),
    ],
)  # fmt: skip
def test_a_malformed_member_is_left_out_and_told(changes: dict[str, object], path: str) -> None:
    page = page_of(ADA, {**ADA, **changes}, ADA)
    assert [member.user_id for member in page.items] == ["u-42", "u-42"]
    (skipped,) = page.skipped
    assert (skipped.position, skipped.code) == (2, "service.nrps.member_malformed")
    assert skipped.problem.startswith(path)
    assert "Ada" not in skipped.problem


@pytest.mark.parametrize("member", [None, 5, "ada", [], [ADA], {}])
def test_what_is_no_member_is_left_out(member: object) -> None:
    assert [skipped.position for skipped in page_of(member).skipped] == [1]


def test_the_course_is_told() -> None:
    context = page_of().context
    assert context is not None
    assert (context.id, context.label, context.title) == ("c-3", "M-1", "Maths")
    for wrong in (None, [], {"label": "x"}, {"id": 5}):
        assert GetMembers(url=URL).read_response(answer(200, container(context=wrong))).context is None


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"members": None},
        {"members": {"user_id": "u"}},
        {"pageOf": {"membershipSubject": {"membership": []}}},
        {"members": [], "context": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]},
    ],
)  # fmt: skip
def test_what_is_no_class_list_is_refused(body: object) -> None:
    for command in (GetMembers(url=URL), GetDifferences(URL)):
        with pytest.raises(ServiceFailed) as refusal:
            command.read_response(answer(200, body))
        assert (refusal.value.code, refusal.value.status) == ("service.nrps.response_malformed", 200)


def with_roles(*roles: str, wanted: str) -> bool:
    return bool(page_of({**ADA, "roles": list(roles)}, command=GetMembers(url=URL, role=wanted)).items)


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        (LEARNER, LEARNER),
        ("Learner", LEARNER),
        ("Student", LEARNER),
        (LEARNER, "Learner"),
        (LEARNER, "Student"),
        ("urn:lti:role:ims/lis/Learner", LEARNER),
        (f"{MEMBERSHIP}/Instructor#TeachingAssistant", f"{MEMBERSHIP}#Instructor"),
        (f"{MEMBERSHIP}/Instructor#TeachingAssistant", "Instructor"),
        ("urn:lti:role:ims/lis/Instructor/Lecturer", "Instructor"),
        (f"{MEMBERSHIP}/Instructor#Lecturer", "urn:lti:role:ims/lis/Instructor/Lecturer"),
        ("http://purl.imsglobal.org/vocab/lis/v2/person#Administrator",) * 2,
        *((has, wanted) for has in ASSISTANTS for wanted in ASSISTANTS),
        ("https://vendor.example/role",) * 2,
    ],
)
def test_a_role_is_one_by_all_its_names_and_a_sub_role_counts_for_its_principal(role: str, wanted: str) -> None:
    assert with_roles(role, wanted=wanted)
    assert with_roles("Mentor", role, wanted=wanted)


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        ("Learner", "Instructor"),
        (f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}/Instructor#Lecturer"),
        (f"{MEMBERSHIP}/Learner#Instructor", "Instructor"),
        ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Learner", "Learner"),
        ("http://purl.imsglobal.org/vocab/lis/v2/person#Administrator", "Administrator"),
        ("learner", "Learner"),
        ("", "Learner"),
        (f"{MEMBERSHIP}#TeachingAssistant", "Instructor"),
        ("Instructor", "TeachingAssistant"),
        (f"{MEMBERSHIP}/Instructor#Lecturer", "TeachingAssistant"),
    ],
)
def test_other_roles_are_filtered_out(role: str, wanted: str) -> None:
    assert not with_roles(role, wanted=wanted)


def test_platforms_are_asked_for_assistants_by_the_name_of_the_sub_role() -> None:
    full = "http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%2FInstructor%23TeachingAssistant"
    assert GetMembers(url=URL, role="TeachingAssistant").to_request().url == f"{URL}&role={full}"
    assert GetMembers(url=URL, role="Learner").to_request().url == f"{URL}&role=Learner"


@pytest.mark.parametrize("name", ["role", "resource_link_id"])
def test_an_empty_filter_is_neither_nobody_nor_everybody(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"service\.filter_empty") as wrong:
        GetMembers(url=URL, **{name: ""})
    assert name in wrong.value.message


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_mark_of_utf_8_before_an_answer_is_passed_over(mark: bytes) -> None:
    body = mark + json.dumps(container(ADA)).encode()
    assert [one.user_id for one in GetMembers(url=URL).read_response(answer(200, body)).items] == ["u-42"]


def test_a_role_is_held_where_the_platform_forgets_it() -> None:
    teacher = {**ADA, "user_id": "t-1", "roles": ["Instructor"]}
    command = GetMembers(url=URL, role="Learner", limit=2)
    page = page_of(ADA, command=command, link='<https://lms.example/c/3/members?limit=2&from=2>; rel="next"')
    assert page.next == evolve(command, page_url="https://lms.example/c/3/members?limit=2&from=2")
    assert page.next.to_request().url == "https://lms.example/c/3/members?limit=2&from=2"
    second = page.next.read_response(answer(200, container(teacher, ADA)))
    assert [member.user_id for member in second.items] == ["u-42"]
    assert second.next is None


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), max_size=8))
def test_all_members_come_page_by_page_in_order(sizes: list[int]) -> None:
    numbers = iter(range(1000))
    pages = [[{"user_id": str(next(numbers)), "roles": ["Learner"]} for _ in range(size)] for size in sizes or [0]]
    asked: list[str] = []

    def send(command: Any) -> Any:
        url = command.to_request().url
        asked.append(url)
        number = int(url.partition("page=")[2] or 0)
        following = f"<?page={number + 1}>; rel=next" if number + 1 < len(pages) else ""
        return command.read_response(answer(200, container(*pages[number]), link=following))

    found = [member.user_id for page in follow(GetMembers(url=URL, limit=3), send) for member in page.items]
    assert found == [member["user_id"] for page in pages for member in page]
    assert asked[0] == f"{URL}&limit=3"
    assert len(asked) == len(pages)


def test_pages_that_lead_back_are_stopped() -> None:
    def send(command: Any) -> Any:
        return command.read_response(answer(200, container(ADA), link="<?page=2>; rel=next"))

    with pytest.raises(ServiceFailed) as refusal:
        list(follow(GetMembers(url=URL), send))
    assert refusal.value.code == "service.paging_loop"


def test_what_changes_later_can_be_asked_for() -> None:
    link = '<?since=1>; rel="differences"'
    page = page_of(ADA, link=link)
    assert page.differences == "https://lms.example/c/3/members?since=1"
    command = GetDifferences(page.differences)
    request = command.to_request()
    assert (request.method, request.url, request.headers) == ("GET", page.differences, {"Accept": TYPE})
    gone = {**ADA, "status": "Deleted"}
    changed = command.read_response(
        answer(200, container(gone), link='<?p=2>; rel="next", <?since=2>; rel="differences"')
    )
    assert [member.status for member in changed.items] == ["Deleted"]
    assert changed.next == GetDifferences("https://lms.example/c/3/members?p=2")
    assert changed.differences == "https://lms.example/c/3/members?since=2"


@pytest.mark.parametrize("link", ['<https://evil.example/>; rel="next"', '<https://evil.example/>; rel="differences"'])
def test_links_stay_on_their_origin(link: str) -> None:
    for command in (GetMembers(url=URL), GetDifferences(URL)):
        with pytest.raises(ServiceFailed) as refusal:
            command.read_response(answer(200, container(), link=link))
        assert refusal.value.code == "http.url_refused"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "service.nrps.differences_expired"),
        (404, "service.nrps.differences_expired"),
        (410, "service.nrps.differences_expired"),
        (422, "service.nrps.differences_expired"),
        (401, "service.unauthorized"),
        (403, "service.forbidden"),
        (429, "service.unavailable"),
        (503, "service.unavailable"),
    ],
)
def test_differences_that_the_platform_no_longer_knows_are_told(status: int, code: str) -> None:
    with pytest.raises(ServiceFailed) as refusal:
        GetDifferences(URL).read_response(answer(status))
    assert (refusal.value.code, refusal.value.status) == (code, status)


@pytest.mark.parametrize(
    ("status", "body", "link", "code"),
    [
        (401, b"", "rl-7", "service.unauthorized"),
        (403, b"", "rl-7", "service.forbidden"),
        (403, {"error": "above_response_limit"}, None, "service.nrps.too_many_members"),
        (403, b"Rate Limit Exceeded", None, "service.unavailable"),
        (404, b"", None, "service.not_found"),
        (404, b"", "rl-7", "service.nrps.resource_link_refused"),
        (400, b"", "rl-7", "service.nrps.resource_link_refused"),
        (422, b"", "rl-7", "service.nrps.resource_link_refused"),
        (400, b"", None, "service.bad_request"),
        (422, b"", None, "service.bad_request"),
        (502, b"", "rl-7", "service.unavailable"),
    ],
)
def test_a_refusal_has_its_code(status: int, body: Any, link: str | None, code: str) -> None:
    with pytest.raises(ServiceFailed) as refusal:
        GetMembers(url=URL, resource_link_id=link).read_response(answer(status, body))
    assert (refusal.value.code, refusal.value.status) == (code, status)


@pytest.mark.parametrize("limit", [0, -1, True, "5", 2.0])
def test_a_limit_is_a_whole_number_from_one_up(limit: Any) -> None:
    with pytest.raises(InvalidValue) as wrong:
        GetMembers(url=URL, limit=limit)
    assert wrong.value.code == "service.nrps.limit_invalid"


def test_filters_are_texts() -> None:
    for filters in ({"role": 5}, {"resource_link_id": 7}, {"role": "\ud83d"}):
        with pytest.raises(InvalidValue) as wrong:
            GetMembers(url=URL, **filters)  # type: ignore[arg-type]
        assert wrong.value.code == "service.value_not_text"


def test_ten_thousand_members_are_read() -> None:
    members = [
        {**ADA, "user_id": str(number), "roles": ["Learner" if number % 9 else "Instructor"]}
        for number in range(10_000)
    ]
    page = page_of(*members, command=GetMembers(url=URL, role="Learner"))
    assert len(page.items) == 8888
    assert len({id(member.roles) for member in page.items}) == 1
